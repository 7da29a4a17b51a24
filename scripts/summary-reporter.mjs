import { writeFileSync } from 'node:fs';

/** Writes what passed, failed and was skipped, with the reasons, to the file named by POLYTASK_SUMMARY. */
export default class SummaryReporter {
  onTestRunEnd(modules, errors) {
    const summary = { passed: 0, failed: errors.map((error) => error.message ?? String(error)), skipped: [] };
    for (const module of modules) {
      const path = module.relativeModuleId ?? module.moduleId;
      for (const error of module.errors()) summary.failed.push(`${path}: ${error.message}`);
      for (const suite of module.children.allSuites())
        for (const error of suite.errors())
          summary.failed.push(`${path} > ${suite.fullName}: ${error.message}`);
      for (const test of module.children.allTests()) {
        const name = `${path} > ${test.fullName}`;
        const { state, note } = test.result();
        if (state === 'passed') summary.passed++;
        else if (state === 'failed') summary.failed.push(name);
        else summary.skipped.push({ name, reason: note ?? 'no reason given' });
      }
    }
    writeFileSync(process.env.POLYTASK_SUMMARY, JSON.stringify(summary));
  }
}
