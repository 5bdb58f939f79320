// The only import of sharp. Its settings hold for the whole process.

import sharp from "sharp";

// Every image is read once, so a cache only holds memory; inference wants the cores, and a picture is decoded in
// milliseconds on one.
sharp.cache(false);
sharp.concurrency(1);

export { sharp };
