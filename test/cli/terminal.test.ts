// A terminal, played by tmux: a bar with an estimate, Ctrl-C, and a clean screen after it.

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { filesBelow } from "../support/folder-content.ts";
import { phantomFixture } from "../support/phantom-fixture.ts";
import { MIAS } from "../support/run-mias.ts";
import { scratchFolder } from "../support/scratch-folder.ts";

const hasTmux = spawnSync("tmux", ["-V"]).status === 0;

describe.skipIf(!hasTmux)("fit in a terminal (skipped unless tmux is installed)", () => {
  const folder = scratchFolder("terminal");
  const socket = join(folder, "tmux.socket");
  const waiting = { timeout: 100_000, interval: 100 };

  function tmux(...args: string[]): string {
    return execFileSync("tmux", ["-S", socket, ...args], { encoding: "utf8", stdio: "pipe" });
  }

  /** What the screen shows, without empty lines. */
  function screen(): string[] {
    return tmux("capture-pane", "-p")
      .split("\n")
      .filter((line) => line !== "");
  }

  beforeAll(async () => {
    const { normals } = await phantomFixture();
    const fit = `'${process.execPath}' '${MIAS}' fit '${normals}' -o '${join(folder, "x.bank")}'`;
    // `cat` keeps the screen after the end; its echo shows that the cursor is back.
    tmux("-f", "/dev/null", "new-session", "-d", "-x", "100", "-y", "20", `${fit}; echo "code $?"; cat`);
  }, 120_000);

  afterAll(() => {
    spawnSync("tmux", ["-S", socket, "kill-server"]);
  });

  test("shows a bar, and an estimate once an image is done", async () => {
    await vi.waitFor(
      () => expect(screen()).toEqual([expect.stringMatching(/^learning ░{40} 0\/\d {2}0 %$/)]),
      waiting,
    );
    expect(tmux("display-message", "-p", "#{cursor_flag}").trim()).toBe("0");
    const bar = /^learning █+░+ [1-3]\/\d {2}\d\d %, about \d+ s left$/;
    await vi.waitFor(() => expect(screen()).toEqual([expect.stringMatching(bar)]), waiting);
  });

  test("stops at Ctrl-C with a checkpoint, the cursor shown, and each message on its own line", async () => {
    tmux("send-keys", "C-c");
    await vi.waitFor(() => expect(screen()).toContain("code 130"), waiting);
    const [bar, ...messages] = screen();
    expect(bar).toMatch(/^learning █+░* [1-4]\/\d/);
    expect(messages).toEqual([
      "stopping after the image at hand; press Ctrl-C again to stop at once",
      "interrupted; what was finished is kept",
      "code 130",
    ]);
    expect(tmux("display-message", "-p", "#{cursor_flag}").trim()).toBe("1");
    expect(existsSync(join(folder, "x.bank"))).toBe(false);
    expect(filesBelow(folder).filter((name) => name.startsWith("x."))).toEqual(["x.bank.checkpoint"]);
  });
});
