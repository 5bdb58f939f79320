import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** A Python that can import `modules`, in .venv or on the path; see scripts/requirements-interop.txt. */
export function findPython(modules: string): string | undefined {
  const candidates = [fileURLToPath(new URL("../../.venv/bin/python", import.meta.url)), "python3"];
  return candidates.find((python) => {
    try {
      execFileSync(python, ["-c", `import ${modules}`], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  });
}

/** Runs a program of Python and gives what it prints. */
export function runPython(python: string, script: string, ...args: string[]): string {
  return execFileSync(python, ["-c", script, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}
