import fc from 'fast-check';

/**
 * Properties are checked with the same values at every run, so that a run that fails fails again. Another seed makes
 * others: PROPERTY_SEED=7 npm test -- properties.
 */
fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 1) });

export { fc };
