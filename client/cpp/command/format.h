// How numbers, names and messages are written for people, and messages for programs.
#ifndef RECTIFIER_CLIENT_CPP_COMMAND_FORMAT_H_
#define RECTIFIER_CLIENT_CPP_COMMAND_FORMAT_H_

#include <google/protobuf/message.h>

#include <cstdint>
#include <string>

#include "client/cpp/client/element_type.h"
#include "rectifier/v1/activation.pb.h"

namespace rectifier::client {

// The shortest text that reads back as the same double.
std::string FormatNumber(double number);

// "64 MiB"; with one decimal where it is not whole.
std::string FormatBytes(uint64_t bytes);

// "elementwise", "rows", "pairs".
std::string FormatKind(v1::ActivationKind kind);

// An enumerator without its prefix: "float32".
std::string FormatEnum(v1::ElementType type);

// The same: "second_derivative"; but "parameter_gradients", one for each parameter.
std::string FormatEnum(v1::Quantity quantity);

// The default of a parameter.
std::string FormatDefault(const v1::ParameterDescription& parameter);

// The message in protobuf's JSON mapping, with the names of the .proto file, on several lines.
std::string FormatJson(const google::protobuf::Message& message);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_COMMAND_FORMAT_H_
