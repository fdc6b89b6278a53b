// How accurate an activation is, as a table.
#ifndef RECTIFIER_CLIENT_CPP_COMMAND_ACCURACY_H_
#define RECTIFIER_CLIENT_CPP_COMMAND_ACCURACY_H_

#include <ostream>

#include "client/cpp/client/client.h"

namespace rectifier::client {

// The table has a row for each quantity and a column for each element type, and says "0.501*" where
// every input was tried. Below it stands each note once, with the quantities that it is about.
void PrintAccuracy(const v1::ActivationDescription& activation, std::ostream& out);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_COMMAND_ACCURACY_H_
