// Loaded into a server (`node --import`): notes the longest time that its event loop was busy with one piece of work, and
// sends it to the parent process on request. In CPU time, so that other load on the machine isn't a pause.

/** Milliseconds between two looks: what is shorter isn't told apart. More looks would keep the process from being idle. */
const interval = 10;

let longest = 0;
let last = process.threadCpuUsage();
setInterval(() => {
  const { user, system } = process.threadCpuUsage(last);
  last = process.threadCpuUsage();
  longest = Math.max(longest, (user + system) / 1000);
}, interval).unref();

process.on('message', () => {
  process.send?.(longest);
  longest = 0;
});
process.channel?.unref();
