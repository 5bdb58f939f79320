// The page's own script. The test calls `run` and compares the answers with Node's.

import * as core from "mias-sam";
import * as ort from "onnxruntime-web/wasm";
import { learn, segment } from "./scenario.js";

ort.env.wasm.numThreads = 2; // works only where the page is cross-origin isolated; else it becomes 1

globalThis.run = async () => {
  const runtime = core.createRuntime(ort, { executionProviders: ["wasm"] });
  const read = (file, signal) => fetchBytes(`/models/litemedsam/${file}`, signal);
  const model = await core.loadModel(runtime, { name: "litemedsam", read });
  const ownBank = await learn(core, model);
  const nodeBank = await core.readBank(core.memorySource("from Node", await fetchBytes("/made/bank")));
  const answers = {
    ownBank: await bytesOf(await core.encodeBank(ownBank)),
    withOwnBank: await segment(core, model, ownBank),
    nodeBankSha256: await sha256Hex(await bytesOf(await core.encodeBank(nodeBank))),
    withNodeBank: await segment(core, model, nodeBank),
    isolated: globalThis.crossOriginIsolated,
    threads: ort.env.wasm.numThreads,
  };
  await model.release();
  return answers;
};

async function fetchBytes(url, signal) {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`${url}: HTTP status must be 200, got ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

async function bytesOf(chunks) {
  return new Uint8Array(await new Blob([...chunks]).arrayBuffer());
}

async function sha256Hex(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
