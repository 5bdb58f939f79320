#!/usr/bin/env node
import { handleClosedOutput } from "./closed-output.ts";
import { main } from "./main.ts";

handleClosedOutput();
process.exitCode = await main(process.argv.slice(2));
