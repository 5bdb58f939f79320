/**
 * The script of the slice scrollers (see volume-section.ts): the range, the arrow keys and the wheel over the picture
 * change the slice; pictures of neighbours are loaded ahead.
 */
export const scrollerScript = `
(() => {
  "use strict";
  for (const place of document.querySelectorAll(".scroller")) {
    const pictures = JSON.parse(place.dataset.pictures);
    const [image, caption] = [place.querySelector(".slice"), place.querySelector("figcaption")];
    const [range, output] = [caption.querySelector("input"), caption.querySelector("output")];
    const ahead = new Image();
    function show() {
      const index = Number(range.value) - 1;
      const picture = pictures[index];
      output.textContent = range.value + " of " + pictures.length + (picture ? "" : " (shows nothing)");
      image.style.visibility = picture ? "visible" : "hidden";
      if (picture) image.src = picture;
      const next = pictures[index + 1];
      if (next) ahead.src = next;
    }
    range.addEventListener("input", show);
    image.addEventListener("wheel", (event) => {
      event.preventDefault();
      range.value = Number(range.value) + Math.sign(event.deltaY);
      show();
    }, { passive: false });
    image.hidden = caption.hidden = false;
    show();
  }
})();
`;
