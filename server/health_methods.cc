#include "server/health_methods.h"

#include <utility>

#include "server/rpc/single_answer.h"

namespace rectifier {

HealthMethods::HealthMethods(Health& health)
    : check_(MethodOf("/grpc.health.v1.Health/Check",
                      [&health](Call* call) {
                        AnswerOnce(call, [&health](const grpc::ByteBuffer& request,
                                                   grpc::ByteBuffer* reply) {
                          return health.Check(request, reply);
                        });
                      })),
      watch_(MethodOf("/grpc.health.v1.Health/Watch",
                      [&health](Call* call) { health.Watch(call); })) {}

Call::Method HealthMethods::MethodOf(const char* name, std::function<void(Call*)> handle) {
  const int index = methods_.Add(name);
  return {.request =
              [this, index](auto... arguments) {
                methods_.RequestAsyncBidiStreaming(index, arguments...);
              },
          .handle = std::move(handle)};
}

void HealthMethods::Await(CallQueue* queue) const {
  Call::Await(check_, queue);
  Call::Await(watch_, queue);
}

}  // namespace rectifier
