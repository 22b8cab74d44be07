// Works on a large log, each of which says how many times a key or the pointer was pressed.

const PRESSES = 60;

async function press(page, key, count = PRESSES) {
  for (let pressed = 0; pressed < count; pressed += 1) await page.keyboard.press(key);
  return count;
}

/** Each begins where the one before it ended. */
export const WORKS = {
  "down the list by keys": (page) => press(page, "j"),
  "opening events by pointer": async (page) => {
    const rows = 18;
    // By their places: the rows themselves come and go with the scrolling.
    for (let row = 0; row < rows; row += 1) {
      await page.mouse.click(420, 320 + 28 * row);
      await page.waitForTimeout(50);
    }
    return rows;
  },
  "typing a search": async (page) => {
    const text = "type:RefundIssued actor:user-7";
    await page.keyboard.press("Escape");
    await page.keyboard.press("/");
    await page.keyboard.type(text, { delay: 30 });
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Without actor user-7" }).waitFor();
    await page.getByRole("row").nth(2).waitFor();
    return text.length + 3;
  },
  "taking filters away": async (page) => {
    for (const filter of ["type RefundIssued", "actor user-7"])
      await page.getByRole("button", { name: `Without ${filter}` }).click();
    await page.getByRole("row").nth(2).waitFor();
    return 2;
  },
  "narrowing the time on the histogram": async (page) => {
    const histogram = page.getByRole("img", { name: /Events over time/ });
    for (let round = 0; round < 5; round += 1) {
      const { x, y, width } = await histogram.boundingBox();
      await page.mouse.move(x + width * 0.2, y + 20);
      await page.mouse.down();
      await page.mouse.move(x + width * 0.9, y + 20, { steps: 12 });
      await page.mouse.up();
      await page.waitForTimeout(300);
    }
    return 5;
  },
  "from page to page": async (page) => {
    const pages = ["o", "a", "t", "i", "x", "e"];
    for (const key of pages) {
      await page.keyboard.press("g");
      await page.keyboard.press(key);
      await page.waitForTimeout(300);
    }
    return 2 * pages.length;
  },
  "an aggregate through time": async (page) => {
    await page.goto("/aggregates/Order/order-77");
    await page.getByText(/at version \d+ of/).waitFor();
    return press(page, "[");
  },
};
