export { Failure, isFailure, type FailureDetail, type FailureKind, type FailureValue } from './failure.js';
export { defineErrors, platformErrors, type ErrorCatalogue } from './error-catalogue.js';
export { StartupError } from './startup-error.js';
export { mistakesOf, mistakesSentence, mostMistakes } from './input-mistakes.js';
