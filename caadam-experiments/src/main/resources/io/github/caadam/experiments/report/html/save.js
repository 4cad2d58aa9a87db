/* Saves figures as SVG, PNG and CSV, from this page alone. */

const INLINED = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray",
  "font-size", "font-weight", "font-family",
];

/** Twice the size of the screen, so that it can be printed. */
const PNG_SCALE = 2;

function csvCell(value) {
  let text = value === null || value === undefined ? "" : String(value);
  // What begins like this is a formula for spreadsheets, unless it is a number.
  if (typeof value !== "number" && /^[=+\-@\t\r]/.test(text)) {
    text = `'${text}`;
  }
  return /[",\r\n]/.test(text) ? `"${text.replaceAll("\"", "\"\"")}"` : text;
}

function csv(rows) {
  return rows.map((row) => row.map(csvCell).join(",")).join("\r\n") + "\r\n";
}

function fileName(title, extension) {
  const name = title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "");
  return `${name.slice(0, 60) || "figure"}.${extension}`;
}

function save(name, type, ...parts) {
  const address = URL.createObjectURL(new Blob(parts, { type }));
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** Puts what styles a drawn element into the element itself. */
function inline(copy, original) {
  const originals = [original, ...original.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((node, index) => {
    const style = getComputedStyle(originals[index]);
    INLINED.forEach((name) => node.setAttribute(name, style.getPropertyValue(name)));
    node.removeAttribute("class");
  });
  return copy;
}

/** An image as a file of its own: on the page's background, with a title. */
function standalone(svg, width, height, title) {
  const background = getComputedStyle(document.body).backgroundColor;
  svg.prepend(
    svgElement("title", {}, title),
    svgElement("rect", { width, height, fill: background, stroke: "none" }));
  fill(svg, { xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}` }, []);
  return { width, height, text: new XMLSerializer().serializeToString(svg) };
}

function chartImage(svg, title) {
  const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  return standalone(inline(svg.cloneNode(true), svg), width, height, title);
}

/** The marks that an image of a table refers to become a part of it. */
function withMarks(copy, original) {
  const uses = [...original.querySelectorAll("use")];
  [...copy.querySelectorAll("use")].forEach((use, index) => {
    const { fill: color } = getComputedStyle(uses[index]);
    const symbol = document.querySelector(uses[index].getAttribute("href"));
    const shapes = [...symbol.children].map((shape) => fill(
      shape.cloneNode(),
      shape.classList.contains("hollow")
        ? { fill: "none", stroke: color, "stroke-width": 2.4 }
        : { fill: color, stroke: "none" },
      []));
    const place = Object.fromEntries(["x", "y", "width", "height"].map(
      (name) => [name, use.getAttribute(name) ?? { width: 14, height: 14 }[name] ?? 0]));
    use.replaceWith(svgElement("svg", { ...place, viewBox: "-8 -8 16 16" }, ...shapes));
  });
  return copy;
}

/** The lines that a text is broken into, with their places. */
function linesOf(node) {
  const lines = [];
  const range = document.createRange();
  for (let i = 0; i < node.length; i++) {
    range.setStart(node, i);
    range.setEnd(node, i + 1);
    const [box] = range.getClientRects();
    if (box && box.width > 0) {
      const last = lines.at(-1);
      if (last && Math.abs(last.box.top - box.top) < 2) {
        last.text += node.data[i];
      } else {
        lines.push({ text: node.data[i], box });
      }
    }
  }
  return lines;
}

/** Tables with images in them, as one image of what is seen. */
function tablesImage(tables, title) {
  const boxes = tables.map((table) => table.getBoundingClientRect());
  const left = Math.min(...boxes.map((box) => box.left)) - 8;
  const top = Math.min(...boxes.map((box) => box.top)) - 34;
  const width = Math.ceil(Math.max(...boxes.map((box) => box.right)) - left + 8);
  const height = Math.ceil(Math.max(...boxes.map((box) => box.bottom)) - top + 8);
  const { color, fontFamily } = getComputedStyle(document.body);
  const sheet = svgElement("svg", {});
  sheet.append(svgElement(
    "text", { x: 8, y: 20, fill: color, "font-family": fontFamily, "font-weight": 600 }, title));
  const at = (box) => ({ x: box.left - left, y: box.top - top, width: box.width, height: box.height });
  for (const table of tables) {
    for (const cell of table.querySelectorAll(".map td, .swatch")) {
      const style = getComputedStyle(cell);
      const round = cell.classList.contains("swatch");
      sheet.append(svgElement("rect", {
        ...at(cell.getBoundingClientRect()), fill: style.backgroundColor,
        stroke: round ? "none" : style.borderTopColor, rx: round ? 6 : 4,
      }));
    }
    for (const image of table.querySelectorAll("svg.mark, svg.bar, .ticks svg")) {
      const copy = withMarks(inline(image.cloneNode(true), image), image);
      sheet.append(fill(copy, { ...at(image.getBoundingClientRect()), overflow: "visible" }, []));
    }
    const texts = document.createTreeWalker(table, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const { parentElement } = texts.currentNode;
      if (parentElement.closest("svg, .visually-hidden") === null) {
        const style = getComputedStyle(parentElement);
        for (const { text, box } of linesOf(texts.currentNode)) {
          sheet.append(svgElement("text", {
            x: box.left - left, y: box.top - top + box.height * 0.78, fill: style.color,
            "font-family": fontFamily, "font-size": style.fontSize, "font-weight": style.fontWeight,
          }, text));
        }
      }
    }
  }
  return standalone(sheet, width, height, title);
}

function savePng({ width, height, text }, title) {
  const image = new Image();
  image.addEventListener("load", () => {
    const sheet = element("canvas", { width: width * PNG_SCALE, height: height * PNG_SCALE });
    sheet.getContext("2d").drawImage(image, 0, 0, sheet.width, sheet.height);
    sheet.toBlob((blob) => save(fileName(title, "png"), "image/png", blob));
  });
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
}

/** A table's cells; a number with all its digits. */
function tableRows(table) {
  return [...table.rows].filter((row) => !row.hidden).map((row) => [...row.cells].map(
    (cell) => cell.dataset.sort ? Number(cell.dataset.sort) : cell.textContent.trim()));
}

/** Buttons that save an image and its numbers. */
function saveButtons(titleOf, imageOf, rowsOf) {
  const actions = {
    PNG: () => savePng(imageOf(), titleOf()),
    SVG: () => save(fileName(titleOf(), "svg"), "image/svg+xml", imageOf().text),
    CSV: () => save(fileName(titleOf(), "csv"), "text/csv", csv(rowsOf())),
  };
  const buttons = Object.entries(actions).map(([name, action]) => {
    const button = element(
      "button", { type: "button", "aria-label": `Save as ${name}: ${titleOf()}` }, name);
    button.addEventListener("click", action);
    return button;
  });
  return element("span", { class: "saves" }, ...buttons);
}

function addPictureButtons(picture) {
  const title = picture.querySelector("h2").textContent;
  const tables = [...picture.querySelectorAll(".forest, .map")];
  const numbers = [...picture.querySelectorAll("details table")];
  const rows = () => numbers.flatMap(
    (table, index) => tableRows(table).slice(index === 0 ? 0 : 1));
  const buttons = saveButtons(() => title, () => tablesImage(tables, title), rows);
  picture.querySelector(".note").before(element("p", { class: "note save-picture" }, "Save as ", buttons));
}
