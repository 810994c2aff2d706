import { runProcess } from '#libs/cli';

await runProcess();
