import fc from 'fast-check';

// Property tests draw the same input every time, so that a red run can be repeated; another seed searches further.
fc.configureGlobal({ seed: Number(process.env.POLYTASK_PROPERTY_SEED ?? 1) });
