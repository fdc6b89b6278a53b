// Any message as a list of names and values.
#ifndef RECTIFIER_CLIENT_CPP_COMMAND_MESSAGE_TABLE_H_
#define RECTIFIER_CLIENT_CPP_COMMAND_MESSAGE_TABLE_H_

#include <google/protobuf/message.h>

#include <string>
#include <utility>
#include <vector>

namespace rectifier::client {

// The fields have the names of the .proto file, and its order; those of a message within stand
// after its own name, indented. Whatever the server's version knows is there. Sizes (their names
// have _bytes) have units, what repeats is joined by commas, and an empty text or list is "none".
std::vector<std::pair<std::string, std::string>> FieldsOf(const google::protobuf::Message& message);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_COMMAND_MESSAGE_TABLE_H_
