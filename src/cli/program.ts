import { Command } from 'commander';
import { VERSION } from '../experiment/version.ts';
import { addAdvise } from './commands/advise.ts';
import { addAffinity } from './commands/affinity.ts';
import { addBaselines } from './commands/baselines.ts';
import { addCompare } from './commands/compare.ts';
import { addConfig } from './commands/config.ts';
import { addDemo } from './commands/demo.ts';
import { addDescribe } from './commands/describe.ts';
import { addDoctor } from './commands/doctor.ts';
import { addEvaluate } from './commands/evaluate.ts';
import { addExplain } from './commands/explain.ts';
import { addExport } from './commands/export.ts';
import { addFit } from './commands/fit.ts';
import { addFront } from './commands/front.ts';
import { addGroup } from './commands/group.ts';
import { addInit } from './commands/init.ts';
import { addPredict } from './commands/predict.ts';
import { addResume } from './commands/resume.ts';
import { addServe } from './commands/serve.ts';
import { addStudio } from './commands/studio.ts';
import { addTrain } from './commands/train.ts';
import { addTypes } from './commands/types.ts';

const COMMANDS = [
  addFit,
  addBaselines,
  addCompare,
  addFront,
  addDemo,
  addInit,
  addTrain,
  addResume,
  addAdvise,
  addPredict,
  addEvaluate,
  addServe,
  addExport,
  addExplain,
  addAffinity,
  addGroup,
  addDescribe,
  addStudio,
  addTypes,
  addConfig,
  addDoctor,
];

/** The command line as a tree; what a command needs is loaded when it runs. */
export function createProgram(): Command {
  const program = new Command('polytask')
    .description(
      'Should these tasks be one model? Trains them together and apart, compares, and keeps the better.',
    )
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  for (const add of COMMANDS) add(program);
  return program;
}
