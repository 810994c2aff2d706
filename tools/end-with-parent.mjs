// Loaded into every process of the services topology before its main: when the process that watches over it is killed,
// it drains and ends by itself, instead of staying behind on its port.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
