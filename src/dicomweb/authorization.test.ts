import { describe, expect, test } from "vitest";
import { expectMiasError } from "../../test/support/expect-mias-error.ts";
import { authorizationHeader, credentialsFrom } from "./authorization.ts";

describe("credentialsFrom", () => {
  test("nothing given is no credentials, and an empty variable is nothing", () => {
    expect(credentialsFrom(undefined, {})).toBeUndefined();
    expect(
      credentialsFrom(undefined, { MIAS_DICOMWEB_TOKEN: "", MIAS_DICOMWEB_PASSWORD: "" }),
    ).toBeUndefined();
  });

  test("a user comes with a password, a token alone", () => {
    expect(credentialsFrom("jane", { MIAS_DICOMWEB_PASSWORD: "s3cret" })).toEqual({
      kind: "basic",
      user: "jane",
      password: "s3cret",
    });
    expect(credentialsFrom(undefined, { MIAS_DICOMWEB_TOKEN: "abc" })).toEqual({
      kind: "bearer",
      token: "abc",
    });
  });

  test.each([
    ["jane", {}, "--user must come with a password; set MIAS_DICOMWEB_PASSWORD"],
    [undefined, { MIAS_DICOMWEB_PASSWORD: "s3cret" }, "must come with a user; give --user"],
    ["jane", { MIAS_DICOMWEB_TOKEN: "s3cret" }, "must not be given together"],
    [undefined, { MIAS_DICOMWEB_TOKEN: "s3cret\n" }, "neither spaces nor line ends"],
    ["ja:ne", { MIAS_DICOMWEB_PASSWORD: "s3cret" }, "must hold no colon"],
  ])("%s with %o is refused, and the secret is not told", async (user, environment, part) => {
    const read = () => credentialsFrom(user, environment);
    await expectMiasError(read, "usage", part);
    expect(read).not.toThrow(/s3cret/);
  });
});

test("authorizationHeader encodes as RFC 7617 and 6750 show", () => {
  expect(authorizationHeader({ kind: "basic", user: "Aladdin", password: "open sesame" })).toBe(
    "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
  );
  // The example with charset UTF-8 of RFC 7617, 2.1.
  expect(authorizationHeader({ kind: "basic", user: "test", password: "123£" })).toBe(
    "Basic dGVzdDoxMjPCow==",
  );
  expect(authorizationHeader({ kind: "bearer", token: "mF_9.B5f-4.1JqM" })).toBe("Bearer mF_9.B5f-4.1JqM");
});
