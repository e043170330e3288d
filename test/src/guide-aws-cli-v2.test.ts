// Every command block of the operations guide, in order, against the local endpoint, with version 2 of the AWS CLI.
import { executeGuide } from './support/guide-run.js';

executeGuide(2);
