/* Tables that sort by the column whose header is pressed. */

const DETAIL = "detail";

function sortKey(row, column) {
  const cell = row.cells[column];
  return cell.dataset.sort ?? cell.textContent.trim();
}

function comparator(column, numeric, direction) {
  return (one, other) => {
    const a = sortKey(one, column);
    const b = sortKey(other, column);
    if (numeric) {
      const [x, y] = [Number.parseFloat(a), Number.parseFloat(b)];
      // What has no number stays at the end either way.
      return Number.isNaN(x) || Number.isNaN(y)
        ? Number.isNaN(x) - Number.isNaN(y)
        : direction * (x - y);
    }
    return direction * a.localeCompare(b, "en", { numeric: true });
  };
}

function detailOf(row) {
  const next = row.nextElementSibling;
  return next?.classList.contains(DETAIL) ? next : null;
}

function sortTable(table, header) {
  const ascending = header.getAttribute("aria-sort") !== "ascending";
  for (const other of header.parentElement.cells) {
    other.removeAttribute("aria-sort");
  }
  header.setAttribute("aria-sort", ascending ? "ascending" : "descending");
  const body = table.tBodies[0];
  const pairs = [...body.rows]
    .filter((row) => !row.classList.contains(DETAIL))
    .map((row) => [row, detailOf(row)]);
  const compare = comparator(
    header.cellIndex, header.classList.contains("number"), ascending ? 1 : -1);
  pairs.sort(([one], [other]) => compare(one, other));
  body.append(...pairs.flat().filter((row) => row !== null));
}

function makeSortable(table) {
  for (const header of table.tHead.rows[0].cells) {
    const button = element("button", { type: "button", class: "sort" }, ...header.childNodes);
    button.addEventListener("click", () => sortTable(table, header));
    header.append(button);
  }
}
