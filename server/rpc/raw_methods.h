// Methods of services that are served as bytes, where generated code knows none of them.
#ifndef RECTIFIER_SERVER_RPC_RAW_METHODS_H_
#define RECTIFIER_SERVER_RPC_RAW_METHODS_H_

#include <deque>
#include <string>

#include "grpcpp/impl/rpc_service_method.h"
#include "grpcpp/impl/service_type.h"

namespace rectifier {

// Each method has its index, as generated code would do it. gRPC takes all of them for streams,
// because it would read the message of a unary call before it tells of the call.
class RawMethods final : public grpc::Service {
 public:
  // `name` is "/package.Service/Method". Gives the method's index.
  int Add(const std::string& name) {
    names_.push_back(name);  // gRPC keeps the pointer, and deletes the method with the service
    AddMethod(new grpc::internal::RpcServiceMethod(
        names_.back().c_str(), grpc::internal::RpcMethod::BIDI_STREAMING, nullptr));
    const int index = static_cast<int>(names_.size()) - 1;
    MarkMethodRaw(index);
    return index;
  }

  using grpc::Service::RequestAsyncBidiStreaming;

 private:
  std::deque<std::string> names_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_RPC_RAW_METHODS_H_
