// How gRPC hands over the calls of each method.
#ifndef RECTIFIER_SERVER_SERVICE_METHODS_H_
#define RECTIFIER_SERVER_SERVICE_METHODS_H_

#include "rectifier/v1/activation.grpc.pb.h"

namespace rectifier {

inline constexpr char kServiceName[] = "rectifier.v1.ActivationService";

// All by callback; Evaluate and EvaluateStream as raw bytes, which server/wire.h and
// server/stream_wire.h read and write, the others as messages.
using ServiceMethods = v1::ActivationService::WithRawCallbackMethod_Evaluate<
    v1::ActivationService::WithRawCallbackMethod_EvaluateStream<
        v1::ActivationService::WithCallbackMethod_ListActivations<
            v1::ActivationService::WithCallbackMethod_GetServerInfo<
                v1::ActivationService::Service>>>>;

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_SERVICE_METHODS_H_
