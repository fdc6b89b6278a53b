// The full name of the service: what health is asked about, and metrics are labelled with.
#ifndef RECTIFIER_SERVER_SERVICE_NAME_H_
#define RECTIFIER_SERVER_SERVICE_NAME_H_

namespace rectifier {

inline constexpr char kServiceName[] = "rectifier.v1.ActivationService";

// The Open Inference Protocol's, over gRPC.
inline constexpr char kInferenceServiceName[] = "inference.GRPCInferenceService";

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_SERVICE_NAME_H_
