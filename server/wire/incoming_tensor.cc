#include "server/wire/incoming_tensor.h"

#include <algorithm>

namespace rectifier {

void IncomingTensor::Add(const DataField& chunk) {
  chunk_.assign(chunk.pieces().begin(), chunk.pieces().end());
  first_ = 0;
  chunk_begin_ = 0;
  chunk_end_ = static_cast<int64_t>(chunk.size());
  received_bytes_ += chunk_end_;
  available_bytes_ += chunk_end_;
}

Payload IncomingTensor::Front(int64_t bytes) {
  front_.clear();
  const int64_t of_rest = std::min(bytes, RestBytes());
  if (of_rest > 0) front_.push_back({0, rest_.data() + rest_begin_});
  const int64_t chunk_end = chunk_begin_ + bytes - of_rest;
  for (size_t i = first_; i < chunk_.size(); ++i) {
    const auto start = static_cast<int64_t>(chunk_[i].start);
    if (start >= chunk_end) break;
    const int64_t skipped = std::max<int64_t>(chunk_begin_ - start, 0);  // of the first piece
    front_.push_back(
        {static_cast<size_t>(of_rest + start + skipped - chunk_begin_), chunk_[i].data + skipped});
  }
  return Payload(absl::MakeConstSpan(front_), static_cast<size_t>(bytes));
}

void IncomingTensor::Drop(int64_t bytes) {
  available_bytes_ -= bytes;
  const int64_t of_rest = std::min(bytes, RestBytes());
  rest_begin_ += of_rest;
  chunk_begin_ += bytes - of_rest;
  while (first_ + 1 < chunk_.size() &&
         static_cast<int64_t>(chunk_[first_ + 1].start) <= chunk_begin_) {
    ++first_;
  }
}

void IncomingTensor::Keep() {
  // Moving what is left pays when it is the smaller part: each byte is then moved about once.
  if (rest_begin_ > RestBytes()) {
    rest_.erase(rest_.begin(), rest_.begin() + rest_begin_);
    rest_begin_ = 0;
  }
  const int64_t left = chunk_end_ - chunk_begin_;
  if (left > 0) {
    const auto before = static_cast<size_t>(chunk_begin_);
    const size_t size = rest_.size();
    rest_.resize(size + static_cast<size_t>(left));
    Payload(absl::MakeConstSpan(chunk_), static_cast<size_t>(chunk_end_))
        .CopyTo(before, static_cast<size_t>(left), rest_.data() + size);
  }
  chunk_.clear();
  first_ = 0;
  chunk_begin_ = chunk_end_ = 0;
}

}  // namespace rectifier
