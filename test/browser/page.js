// The page's own script: it loads the model over HTTP and offers what the test asks for.

import * as core from "mias-sam";
import * as ort from "onnxruntime-web/wasm";
import { learn, segment } from "./scenario.js";

async function fetchBytes(url, signal) {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`${url}: HTTP status must be 200, got ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

async function run() {
  ort.env.wasm.numThreads = 2;
  const runtime = core.createRuntime(ort, { executionProviders: ["wasm"] });
  const read = (file, signal) => fetchBytes(`/models/litemedsam/${file}`, signal);
  const model = await core.loadModel(runtime, { name: "litemedsam", read });
  const ownBank = await learn(core, model);
  const fetched = await fetchBytes("/node-bank.safetensors");
  const nodeBank = await core.readBank(core.memorySource("node-bank", fetched));
  const answers = {
    threads: ort.env.wasm.numThreads,
    isolated: crossOriginIsolated,
    ownBank: { image: ownBank.image, patch: ownBank.patch, learnedRows: ownBank.learnedRows },
    withOwnBank: await segment(core, model, ownBank),
    nodeBankSha256: await sha256(core.encodeBank(nodeBank)),
    withNodeBank: await segment(core, model, nodeBank),
  };
  await model.release();
  return answers;
}

async function sha256(chunks) {
  const bytes = new Uint8Array(await new Blob([...chunks]).arrayBuffer());
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

globalThis.run = run;
