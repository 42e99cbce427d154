// The functions of deploy/lib.sh: installing what is missing, building.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const lib = fileURLToPath(new URL('../../deploy/lib.sh', import.meta.url));

/** Standard output belongs to the figures: what they say goes to standard error. */
export const deploy = (script: string) => execFileSync('bash', ['-c', `. ${lib}; ${script}`], { stdio: ['ignore', 2, 2] });
