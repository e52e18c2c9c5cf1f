#include "nn/links/hooks/timer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace nn::link_hooks {
namespace {

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

struct TimeUnit {
  const char* name;
  double per_second;
};
constexpr std::array<TimeUnit, 4> kUnits{{{"sec", 1}, {"ms", 1e3}, {"us", 1e6}, {"ns", 1e9}}};

// The largest unit in which the time is at least 1.
TimeUnit unit_for(double seconds) {
  for (const TimeUnit& unit : kUnits)
    if (seconds * unit.per_second >= 1) return unit;
  return kUnits.back();
}

}  // namespace

void TimerHook::forward_preprocess(const LinkCall&) { started_.push_back(now()); }

void TimerHook::forward_postprocess(const LinkCall& call, const Variables&) {
  const double elapsed = now() - started_.back();
  started_.pop_back();
  call_history.emplace_back(class_name(call.link), elapsed);
  if (started_.empty()) total_ += elapsed;
}

void TimerHook::forward_failed(const LinkCall&) { started_.pop_back(); }

std::map<std::string, TimerHook::Entry> TimerHook::summary() const {
  std::map<std::string, Entry> all;
  for (const auto& [name, seconds] : call_history) {
    all[name].elapsed_time += seconds;
    ++all[name].occurrence;
  }
  return all;
}

std::string TimerHook::report(Unit unit) const {
  const std::map<std::string, Entry> all = summary();
  double longest = 0;
  for (const auto& [name, entry] : all) longest = std::max(longest, entry.elapsed_time);

  using Row = std::array<std::string, 3>;
  std::vector<Row> rows{{"LinkName", "ElapsedTime", "Occurrence"}};
  for (const auto& call : call_history) {
    const std::string& name = call.first;
    const bool there =
        std::any_of(rows.begin() + 1, rows.end(), [&](const Row& row) { return row[0] == name; });
    if (there) continue;
    const Entry& entry = all.at(name);
    const TimeUnit in =
        unit == Unit::automatic ? unit_for(longest)
        : unit == Unit::auto_foreach
            ? unit_for(entry.elapsed_time)
            : kUnits.at(static_cast<std::size_t>(unit) - static_cast<std::size_t>(Unit::sec));
    rows.push_back({name, fmt::format("{:.2f}{}", entry.elapsed_time * in.per_second, in.name),
                    std::to_string(entry.occurrence)});
  }
  std::array<std::size_t, 3> widths{};
  for (const Row& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  std::string table;
  for (const Row& row : rows)
    table += fmt::format("{:>{}}  {:>{}}  {:>{}}\n", row[0], widths[0], row[1], widths[1], row[2],
                         widths[2]);
  return table;
}

}  // namespace nn::link_hooks
