import { describe, expect, test } from "vitest";
import { drawnMap, drawnMask } from "../../test/support/drawn.ts";
import { tinyManifest } from "../../test/support/tiny-manifest.ts";
import { chooseAll, chooseByContrast, chooseFirst } from "../mask/choose.ts";
import { segmentOptions } from "../options.ts";
import type { Candidate, PromptSet, RefinementName } from "../types.ts";
import { choose, planRefinement, type RefinementTools, refinements } from "./refinements.ts";

const map = drawnMap(
  ...["000000000000", "000000000000", "008888880000", "008888880000", "008888880000"],
  ...["000000000000", "000000000000", "000000000660", "000000000660", "000000000000"],
  ...["000000000000", "000000000000"],
);

/** A mask of the box x0, y0, x1, y1 on the map. */
function candidate(label: string, lesion: number, ...[x0, y0, x1, y1]: readonly number[]): Candidate {
  const rows = Array.from({ length: 12 }, (_, y) =>
    Array.from({ length: 12 }, (_, x) => (x >= x0 && x <= x1 && y >= y0 && y <= y1 ? "#" : ".")).join(""),
  );
  const { width, height, data } = drawnMask(...rows);
  const logits = { width, height, data: Float32Array.from(data, (value) => (value === 1 ? 3 : -3)) };
  return {
    promptSet: { prompts: [], output: "single", lesion, label },
    maskIndex: 0,
    logits,
    predictedIou: 1,
  };
}

const half = candidate("half", 0, 2, 2, 4, 4);
const whole = candidate("whole", 0, 2, 2, 7, 4);
const small = candidate("small", 1, 9, 7, 9, 8);
const beside = candidate("beside", 1, 11, 7, 11, 8);

/** A decoder that answers each prompt set by `answer`, and what it was asked. */
function tools(answer: (set: PromptSet) => Candidate, changes: Partial<RefinementTools> = {}) {
  const asked: PromptSet[] = [];
  const decode = async (sets: readonly PromptSet[]) => {
    asked.push(...sets);
    return sets.map((promptSet) => [{ ...answer(promptSet), promptSet }]);
  };
  const manifest = { ...tinyManifest(["box", "mask"]), input: { ...tinyManifest().input, size: 12 } };
  return { asked, tools: { manifest, map, chooser: chooseByContrast, decode, ...changes } };
}

const labels = ({ candidates, choice }: Awaited<ReturnType<(typeof refinements)["none"]>>) =>
  choice.chosen.map((i) => candidates[i].promptSet.label);

test("none asks nothing", async () => {
  const { asked, tools: given } = tools(() => whole);
  const first = choose([half], given);
  expect(await refinements.none(first, given)).toBe(first);
  expect(asked).toEqual([]);
});

describe("planRefinement", () => {
  const options = (refine: RefinementName) => segmentOptions("default", { refine });

  test("runs what is asked for where the model takes such prompts", () => {
    const [boxes, masks] = [tinyManifest(["box"]), tinyManifest(["box", "mask"])];
    for (const refine of ["none", "larger-box", "shaken-boxes"] as const) {
      expect(planRefinement(options(refine), boxes, "a.png")).toEqual({ refinement: refine, issues: [] });
    }
    expect(planRefinement(options("box-and-mask"), masks, "a.png").refinement).toBe("box-and-mask");
  });

  test("does not show its masks to a model that takes none, and says so", () => {
    const { refinement, issues } = planRefinement(options("box-and-mask"), tinyManifest(["box"]), "a.png");
    expect(refinement).toBe("none");
    expect(issues).toMatchObject([{ code: "refinement-left-out", severity: "note", subject: "a.png" }]);
    expect(issues[0].message).toContain("model tiny takes no mask prompts");
  });
});

describe("a second pass", () => {
  test("asks about each chosen mask, and takes the answer where it is better", async () => {
    const { asked, tools: given } = tools(({ lesion }) => (lesion === 0 ? whole : beside));
    const refined = await refinements["box-and-mask"](choose([half, small], given), given);
    expect(asked.map(({ label }) => label)).toEqual([
      "half, again by its box and mask",
      "small, again by its box and mask",
    ]);
    expect(refined.candidates).toHaveLength(4);
    expect(labels(refined)).toEqual(["half, again by its box and mask", "small"]);
  });

  test("keeps the first mask where the answer is worse", async () => {
    const { tools: given } = tools(() => half);
    expect(labels(await refinements["larger-box"](choose([whole], given), given))).toEqual(["whole"]);
  });

  test("gives the box and the logits, or a larger box", async () => {
    const { asked, tools: given } = tools(() => whole);
    await refinements["box-and-mask"](choose([half], given), given);
    await refinements["larger-box"](choose([half], given), given);
    expect(asked.map(({ maskInput, label }) => [maskInput !== undefined, label])).toEqual([
      [true, "half, again by its box and mask"],
      [false, "half, again by its larger box"],
    ]);
  });

  test("is what the published rule takes, better or not", async () => {
    const { tools: given } = tools(() => half, { chooser: chooseFirst });
    const refined = await refinements["box-and-mask"](choose([whole], given), given);
    expect(labels(refined)).toEqual(["whole, again by its box and mask"]);
  });

  test("has nothing to ask where nothing was drawn", async () => {
    const { asked, tools: given } = tools(() => whole);
    for (const name of ["larger-box", "box-and-mask", "shaken-boxes"] as const) {
      expect((await refinements[name](choose([], given), given)).candidates).toEqual([]);
    }
    expect(asked).toEqual([]);
  });
});

describe("shaken boxes", () => {
  /** Answers about `whole` differ from each other, those about `half` do not. */
  const unsteady = ({ label }: PromptSet) =>
    label.startsWith("whole") ? candidate("", 0, 2, 2, 2 + Number(label.slice(-1)), 4) : half;

  test("take the mask whose boxes are answered alike", async () => {
    const { asked, tools: given } = tools(unsteady);
    const first = choose([half, whole], given);
    expect(labels(first)).toEqual(["whole"]);
    const refined = await refinements["shaken-boxes"](first, given);
    expect(labels(refined)).toEqual(["half"]);
    expect(asked).toHaveLength(8);
    expect(refined.candidates).toBe(first.candidates);
    expect(refined.choice.qualities[0]).toBe(first.choice.qualities[0]);
  });

  test("are asked about the three best of a lesion", async () => {
    const others = [3, 5, 6].map((x1) => candidate(`to ${x1}`, 0, 2, 2, x1, 4));
    const { asked, tools: given } = tools(() => half);
    await refinements["shaken-boxes"](choose([...others, whole, small], given), given);
    const about = new Set(asked.map(({ label }) => label.split(",")[0]));
    expect([...about]).toEqual(["whole", "to 6", "to 5", "small"]);
  });

  test("leave a lesion alone of which all masks are taken", async () => {
    const { tools: given } = tools(unsteady, { chooser: chooseAll });
    const refined = await refinements["shaken-boxes"](choose([half, whole], given), given);
    expect(labels(refined)).toEqual(["half", "whole"]);
  });
});
