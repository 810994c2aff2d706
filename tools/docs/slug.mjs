/** What a heading is called in addresses: as GitHub has it, so that links work there and on the site. @param {string} heading */
export function slugOf(heading) {
  return heading.trim().toLowerCase().replace(/[^\p{L}\p{N}\p{M}\s_-]/gu, '').replace(/\s/g, '-');
}
