// Runs the script of docs/verify.html as a browser would, over files that a test wrote: {name, file, key, anchor} in, words out.
const fs = require("node:fs"), vm = require("node:vm");
globalThis.crypto ??= require("node:crypto").webcrypto;
const page = fs.readFileSync(process.argv[2], "utf8");
vm.runInThisContext(/<script>(.*?)<\/script>/s.exec(page)[1]);
(async () => {
  const told = {};
  for (const { name, file, key, anchor } of JSON.parse(fs.readFileSync(0, "utf8"))) {
    try {
      told[name] = { good: true, words: await check(new Uint8Array(fs.readFileSync(file)), key, anchor) };
    } catch (error) {
      told[name] = { good: false, words: String(error.message) };
    }
  }
  process.stdout.write(JSON.stringify(told));
})();
