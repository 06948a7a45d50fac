// The seed of the property tests: fixed, so that a change fails for what it changed. `CAPSTAN_SEED=random npm run unit` tries
// new inputs and prints the seed of a failure, with which `CAPSTAN_SEED=N npm run unit` repeats it.
import fc from 'fast-check';

const wanted = process.env.CAPSTAN_SEED ?? '1';
if (wanted !== 'random') fc.configureGlobal({ seed: Number(wanted) });
