if (process.argv.includes("throw")) setImmediate(() => { throw new Error("thrown by the program"); });
else process.stdout.write(`a program's own output ${JSON.stringify([process.eventNames().filter((name) => typeof name === "string"), process.execArgv])}\n`);
