#include "autograd/array/update.h"

#include <fmt/format.h>

#include <algorithm>

#include "autograd/array/launch.h"
#include "autograd/base/check.h"
#include "autograd/machine/parallel.h"

namespace autograd::array {

void UpdateBatch::check(const Array& gradient, const Arrays& updated, int count) {
  if (updated.size() != static_cast<std::size_t>(count))
    throw Error(
        fmt::format("update: the rule changes {} arrays, but {} are given", count, updated.size()));
  for (const Array& a : updated)
    Check("update", {{"the gradient", gradient}, {"an array", a}}).same_dtype().same_shape();
}

void UpdateBatch::run() {
  struct Piece {
    const Item* item;
    std::int64_t begin, end;
  };
  std::vector<Piece> pieces;
  std::int64_t total = 0;
  for (const Item& item : items_) {
    total += item.size;
    for (std::int64_t i = 0; i < item.size; i += kGrain)
      pieces.push_back({&item, i, std::min(i + kGrain, item.size)});
  }
  const auto run_piece = [&](std::int64_t i) {
    const Piece& piece = pieces[static_cast<std::size_t>(i)];
    piece.item->run(piece.begin, piece.end);
  };
  const auto count = static_cast<std::int64_t>(pieces.size());
  if (total > kGrain)
    parallel::for_each(count, run_piece);
  else  // too little work to wake a thread
    for (std::int64_t i = 0; i < count; ++i) run_piece(i);
  for (Item& item : items_)
    for (std::size_t k = 0; k < item.work.size(); ++k)
      if (!item.updated[k].is_contiguous()) item.updated[k].assign(item.work[k]);
  items_.clear();
}

}  // namespace autograd::array
