// Imported before everything else, and in the words of old versions of Node.js, which have to understand it.
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`rollcall: Rollcall needs Node.js 20.19 or newer, and this is ${process.versions.node}: install a newer one.`);
  process.exit(1);
}
