// The services' files as a serialized google.protobuf.FileDescriptorSet that has their comments,
// which generated code leaves out.
#ifndef RECTIFIER_PROTO_DESCRIBED_PROTOS_H_
#define RECTIFIER_PROTO_DESCRIBED_PROTOS_H_

#include <cstddef>

namespace rectifier {

extern const unsigned char kDescribedProtos[];
extern const size_t kDescribedProtosBytes;

}  // namespace rectifier

#endif  // RECTIFIER_PROTO_DESCRIBED_PROTOS_H_
