// Options about DICOMweb servers that several commands share.

import type { Command } from "commander";
import { credentialsFrom } from "../dicomweb/authorization.ts";
import { isDicomWebUrl } from "../dicomweb/dicomweb-url.ts";
import { MiasError } from "../errors.ts";
import type { DicomWebAccess } from "../jobs/retrieve-studies.ts";
import { given, numberWithin } from "./common-options.ts";

export interface DicomWebFlags {
  readonly user?: string;
  readonly serverTimeout?: number;
}

/** For help texts: what a study is named by, and what is read of the environment. */
export const DICOMWEB_HELP = `
Studies of a DICOMweb server (PACS) are inputs, too, or parts of them:
  dicomweb+https://HOST/dicom-web/studies/UID[/series/UID[/instances/UID]]

Environment:
  MIAS_DICOMWEB_PASSWORD  password of --user
  MIAS_DICOMWEB_TOKEN     bearer token, instead of a user
  NODE_EXTRA_CA_CERTS     PEM file of the authority that signed the server's certificate
  TMPDIR                  folder in which what was retrieved lies until the end of the run`;

/** Adds the options about DICOMweb servers. */
export function withDicomWebOptions(command: Command): Command {
  return command
    .option("--user <name>", "DICOMweb: user; the password is taken from MIAS_DICOMWEB_PASSWORD")
    .option(
      "--server-timeout <seconds>",
      "DICOMweb: longest silence of a server (default: 60)",
      numberWithin(0.1, 86_400),
    );
}

/**
 * How the servers of `inputs` are asked; nothing is read of the environment where there are none.
 * @throws MiasError `usage` where credentials are not whole, or there is no server for them
 */
export function dicomWebAccess(
  inputs: readonly string[],
  { user, serverTimeout: timeoutSeconds }: DicomWebFlags,
): { dicomWeb?: DicomWebAccess } {
  if (!inputs.some(isDicomWebUrl)) {
    if (user === undefined && timeoutSeconds === undefined) return {};
    const name = user === undefined ? "--server-timeout" : "--user";
    const message = `${name} must come with a study of a DICOMweb server, got none among the inputs; leave it out`;
    throw new MiasError("usage", name, message);
  }
  return { dicomWeb: given({ authorization: credentialsFrom(user, process.env), timeoutSeconds }) };
}
