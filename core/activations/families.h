// The families of the catalogue, each for the CPU target that Highway has chosen at the call.
#ifndef RECTIFIER_CORE_ACTIVATIONS_FAMILIES_H_
#define RECTIFIER_CORE_ACTIVATIONS_FAMILIES_H_

#include <vector>

#include "core/kernel.h"

namespace rectifier {

std::vector<Activation> PiecewiseFamily();
std::vector<Activation> LeakyFamily();
std::vector<Activation> HardFamily();
std::vector<Activation> ExponentialFamily();
std::vector<Activation> BoundedFamily();
std::vector<Activation> SelfGatedFamily();
std::vector<Activation> PeriodicFamily();
std::vector<Activation> RowsFamily();  // of the three parts below
std::vector<Activation> PairsFamily();

std::vector<Activation> SoftmaxRows();
std::vector<Activation> LogRows();
std::vector<Activation> SparseRows();

ArrayKernels Arrays();

}  // namespace rectifier

#endif  // RECTIFIER_CORE_ACTIVATIONS_FAMILIES_H_
