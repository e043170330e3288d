// Every command block of the operations guide, in order, against the local endpoint, with version 1 of the AWS CLI.
import { executeGuide } from './support/guide-run.js';

executeGuide(1);
