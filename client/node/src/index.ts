/**
 * Client of Rectifier, the batch activation evaluation service: typed arrays in, typed arrays out.
 *
 *     import { Client, tensor } from "rectifier";
 *
 *     const client = new Client();
 *     const x = tensor(Float32Array.of(-2, -0.5, 0.5, 2), [2, 2]);
 *     const result = await client.evaluate("gelu", x, { quantities: ["value", "gradient"] });
 *     console.log(result.value, result.gradient);
 *     client.close();
 *
 * @module
 */

export type {
  Accuracy,
  ActivationDescription,
  Limits,
  OtherName,
  ParameterDescription,
  Preset,
  ServerInfo,
} from "./catalogue.js";
export type { StreamChunk, StreamData, StreamHeader, StreamResult } from "./chunks.js";
export { Client } from "./client.js";
export type { ClientOptions } from "./client.js";
export type { DataOf, ElementType, FloatData, FloatType, TensorData } from "./element_type.js";
export {
  CancelledError,
  DeadlineExceededError,
  InternalError,
  InvalidArgumentError,
  PermissionDeniedError,
  RectifierError,
  ResourceExhaustedError,
  UnauthenticatedError,
  UnavailableError,
} from "./errors.js";
export type { FailureDetails, StatusCode, Violation } from "./errors.js";
export { PerChannel, perChannel } from "./evaluation.js";
export type {
  Argument,
  CallOptions,
  Evaluation,
  EvaluationOptions,
  Inputs,
  Quantity,
} from "./evaluation.js";
export type { Health } from "./health.js";
export type { Booleans, Numbers } from "./nested.js";
export { Result } from "./result.js";
export type { Parts } from "./result.js";
export { securityFromEnvironment } from "./security.js";
export type { Security } from "./security.js";
export { defaultTarget } from "./target.js";
export { Tensor, tensor } from "./tensor.js";
export type { TensorLike } from "./tensor.js";
