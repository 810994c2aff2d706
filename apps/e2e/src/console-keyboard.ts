import type { Page } from 'playwright-core';

/**
 * In the page: what can be reached by Tab in what is on top (a dialog, else the page), and how it looks without focus. Then
 * who was focused is written down, and whether that could be seen: on the thing itself, or right beside or around it.
 */
const prepare = `(() => {
  const top = [...document.querySelectorAll('[role="dialog"], [aria-modal="true"]')].filter((each) => each.checkVisibility()).at(-1) ?? document.body;
  document.activeElement?.blur();
  const looks = (element) => [element, element.parentElement, ...element.parentElement.children].map((each) => {
    const style = getComputedStyle(each);
    return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.borderTopColor, style.boxShadow, style.backgroundColor, style.top].join(' ');
  }).join('|');
  const named = (element) => (element.getAttribute('aria-label') || element.innerText || element.id || element.outerHTML).trim().slice(0, 60) + ' (' + element.tagName.toLowerCase() + ')';
  const seen = [...top.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')].filter((each) => {
    if (each.tabIndex < 0 || each.disabled || each.closest('[inert]') || !each.checkVisibility({ visibilityProperty: true })) return false;
    // Of choices that exclude each other, Tab reaches the one that is chosen.
    return each.type !== 'radio' || each.checked || !top.querySelector('input[type="radio"][name="' + CSS.escape(each.name) + '"]:checked');
  });
  const before = new Map(seen.map((each) => [each, looks(each)]));
  const walk = { names: seen.map(named), left: new Set(seen), unseen: [], steps: 0 };
  walk.listener = ({ target }) => {
    walk.steps += 1;
    walk.left.delete(target);
    if (before.has(target) && before.get(target) === looks(target)) walk.unseen.push(named(target));
  };
  document.addEventListener('focusin', walk.listener);
  window.rollcallWalk = { walk, report: () => {
    document.removeEventListener('focusin', walk.listener);
    return { left: [...walk.left].filter((each) => each.isConnected).map(named), unseen: walk.unseen };
  } };
  // A field for a time has a stop for each of its parts.
  return seen.reduce((stops, each) => stops + (/^(date|time|datetime-local|month|week)$/.test(each.type) ? 9 : 1), 0);
})()`;

/**
 * Goes through the page by Tab alone. What is wrong is looked at once more: a page that lives has buttons that can't be used for a moment.
 * @returns what Tab does not reach, and what does not show that it has the focus
 */
export async function walkByTab(page: Page): Promise<string[]> {
  const troubles = await walkOnce(page);
  if (troubles.length === 0) return [];
  const again = new Set(await walkOnce(page));
  return troubles.filter((trouble) => again.has(trouble));
}

async function walkOnce(page: Page): Promise<string[]> {
  const count = await page.evaluate<number>(prepare);
  // Once more than there are stops, and a little: the browser's own frame takes part, and a focus that was inside goes on from there.
  for (let step = 0; step < count + 3; step += 1) {
    await page.keyboard.press('Tab');
    if (step % 5 === 4 && (await page.evaluate<number>('window.rollcallWalk.walk.left.size')) === 0) break;
  }
  const { left, unseen } = await page.evaluate<{ left: string[]; unseen: string[] }>('window.rollcallWalk.report()');
  return [...left.map((name) => `not reached by Tab: ${name}`), ...unseen.map((name) => `focused, and it can’t be seen: ${name}`)];
}
