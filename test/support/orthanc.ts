// A real Orthanc with its DICOMweb plugin, on loopback, in a folder of the test, with ports of its own and a user. Tests
// skip, and say so, where it or dcmtk's storescu is absent.

import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const PLUGIN = [
  "/usr/share/orthanc/plugins/libOrthancDicomWeb.so",
  "/usr/local/share/orthanc/plugins/libOrthancDicomWeb.so",
].find((path) => existsSync(path));
const isThere = (program: string) => spawnSync(program, ["--version"], { stdio: "ignore" }).status === 0;
/** Why Orthanc cannot be started here; undefined where it can. */
const lack = !PLUGIN
  ? "no DICOMweb plugin of Orthanc"
  : ["Orthanc", "storescu"].find((program) => !isThere(program));

export const hasOrthanc = lack === undefined;
/** To be added to the name of what skips without Orthanc. */
export const orthancSkipped = hasOrthanc ? "" : ` (SKIPPED without Orthanc, its plugin and dcmtk: ${lack})`;

/** The user that a started Orthanc knows. */
export const ORTHANC_USER = { kind: "basic", user: "reader", password: "pass: wörd" } as const;

export interface Orthanc {
  /** Of the DICOMweb service: `http://127.0.0.1:PORT/dicom-web`. */
  readonly root: string;
  /** Sends DICOM files by storescu, as a scanner would. */
  send(files: readonly string[]): void;
  /** Ends it at once, as a power cut would; to be called at the end of a test, too. */
  kill(): Promise<void>;
  /** Starts it again, on the same ports and with the same studies. */
  restart(): Promise<void>;
}

/** Starts Orthanc in a folder, which is made; ends when it answers. */
export async function startOrthanc(folder: string): Promise<Orthanc> {
  mkdirSync(join(folder, "storage"), { recursive: true });
  const [http, dicom] = [await freePort(), await freePort()];
  const path = join(folder, "orthanc.json");
  writeFileSync(path, JSON.stringify(configuration(folder, http, dicom)));
  const log = join(folder, "log.txt");
  let child = await started(path, http, log);
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  return {
    root: `http://127.0.0.1:${http}/dicom-web`,
    send: (files) => {
      execFileSync("storescu", ["127.0.0.1", `${dicom}`, ...files], { stdio: "pipe" });
    },
    kill,
    restart: async () => {
      await kill();
      child = await started(path, http, log);
    },
  };
}

function configuration(folder: string, http: number, dicom: number): object {
  return {
    StorageDirectory: join(folder, "storage"),
    IndexDirectory: join(folder, "storage"),
    HttpPort: http,
    DicomPort: dicom,
    RemoteAccessAllowed: false,
    AuthenticationEnabled: true,
    RegisteredUsers: { [ORTHANC_USER.user]: ORTHANC_USER.password },
    DicomAlwaysAllowStore: true,
    Plugins: [PLUGIN],
    DicomWeb: { Enable: true, Root: "/dicom-web/" },
  };
}

async function started(configurationFile: string, port: number, log: string): Promise<ChildProcess> {
  rmSync(log, { force: true });
  const script = 'exec Orthanc "$0" > "$1" 2>&1';
  const child = spawn("sh", ["-c", script, configurationFile, log], { stdio: "ignore" });
  process.once("exit", () => child.kill("SIGKILL"));
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) break;
    if (readFileSync(log, { encoding: "utf8", flag: "a+" }).includes("Orthanc has started")) return child;
    await wait(100);
  }
  child.kill("SIGKILL");
  throw new Error(`Orthanc did not start on port ${port}: ${readFileSync(log, "utf8").slice(-500)}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("a port must be a number");
  return address.port;
}
