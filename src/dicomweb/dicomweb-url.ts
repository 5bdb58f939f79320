import { MiasError } from "../errors.ts";
import { isUid } from "./uid.ts";

/** What a DICOMweb address names: a server, and what of it is meant. */
export interface DicomWebAddress {
  /** Of the service, without a slash at its end: `https://host:8042/dicom-web`. */
  readonly root: string;
  readonly study?: string;
  readonly series?: string;
  readonly instance?: string;
}

const SCHEME = /^dicomweb\+(?=https?:\/\/)/i;
const RESOURCE = /^(.*?)\/studies\/([^/]*)(?:\/series\/([^/]*)(?:\/instances\/([^/]*))?)?$/;
const FORM = "dicomweb+https://HOST/dicom-web/studies/UID[/series/UID[/instances/UID]]";

/** Whether an input of the command line is meant as the address of a DICOMweb server, right or wrong. */
export function isDicomWebUrl(text: string): boolean {
  return /^dicomweb\+/i.test(text);
}

/**
 * Reads `dicomweb+https://host[:port]/dicom-web/studies/UID[/series/UID[/instances/UID]]`, or the same with
 * `dicomweb+http`; without `/studies/...` it names the server alone.
 * @throws MiasError `usage`, without the text where it may hold a password.
 */
export function parseDicomWebUrl(text: string): DicomWebAddress {
  const plain = text.replace(SCHEME, "");
  if (!SCHEME.test(text) || !URL.canParse(plain)) {
    throw refusal(`a DICOMweb address must have the form ${FORM}; check it`);
  }
  const url = new URL(plain);
  if (url.username !== "" || url.password !== "") {
    throw refusal(
      "a DICOMweb address must hold no user or password, as addresses end up in logs; " +
        "give --user and MIAS_DICOMWEB_PASSWORD, or MIAS_DICOMWEB_TOKEN",
    );
  }
  if (url.search !== "" || url.hash !== "") {
    throw refusal(`a DICOMweb address must have the form ${FORM}, without a query or fragment; remove it`);
  }
  return addressOf(url.origin, url.pathname.replace(/\/+$/, ""));
}

function addressOf(origin: string, path: string): DicomWebAddress {
  const found = RESOURCE.exec(path);
  if (!found && /\/(?:studies|series|instances)(?:\/|$)/.test(path)) {
    throw refusal(`a DICOMweb address must have the form ${FORM}; check what follows /studies`);
  }
  if (!found) return { root: origin + path };
  const [, base, study, series, instance] = found;
  const named = { study, series, instance };
  for (const [what, uid] of Object.entries(named)) {
    if (uid === undefined || isUid(uid)) continue;
    throw refusal(`the ${what} of a DICOMweb address must be a UID, numbers with dots between; check it`);
  }
  return {
    root: origin + base,
    study,
    ...(series === undefined ? {} : { series }),
    ...(instance === undefined ? {} : { instance }),
  };
}

function refusal(message: string): MiasError {
  return new MiasError("usage", "DICOMweb address", message);
}
