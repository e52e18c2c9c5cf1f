#include "autograd/machine/cpu.h"

#include <fmt/format.h>

#ifdef __linux__
#include <sched.h>
#include <unistd.h>
#endif

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <vector>

#include "autograd/base/error.h"

namespace autograd::cpu {

std::string_view name(Isa isa) {
  switch (isa) {
    case Isa::baseline:
      return "baseline";
    case Isa::avx2:
      return "avx2";
    case Isa::avx512:
      break;
  }
  return "avx512";
}

// Never destroyed, because destructors of global objects may use it.
static const std::vector<Isa>& detect() {
  auto& found = *new std::vector<Isa>;
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl"))
    found.push_back(Isa::avx512);
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) found.push_back(Isa::avx2);
#endif
  found.push_back(Isa::baseline);
  return found;
}

std::span<const Isa> supported() {
  static const std::vector<Isa>& isas = detect();
  return isas;
}

static Isa choose() {
  const char* wanted = std::getenv("AUTOGRAD_ISA");
  if (!wanted || !*wanted) return supported().front();
  for (Isa isa : supported())
    if (name(isa) == wanted) return isa;
  std::string can;
  for (Isa isa : supported()) can += (can.empty() ? "" : ", ") + std::string(name(isa));
  throw Error(
      fmt::format("AUTOGRAD_ISA: must be one of {} on this processor, but it is {}", can, wanted));
}

Isa active() {
  static const Isa isa = choose();
  return isa;
}

// Uses the affinity mask of the process's first thread. Other threads may have narrower masks for
// other reasons.
static int processors_of_affinity() {
#ifdef __linux__
  for (std::size_t n = 1; n <= 1024; n *= 2) {  // n objects of cpu_set_t, each for 1,024 processors
    std::vector<cpu_set_t> mask(n);
    const std::size_t bytes = n * sizeof(cpu_set_t);
    if (sched_getaffinity(getpid(), bytes, mask.data()) == 0)
      return CPU_COUNT_S(bytes, mask.data());
    if (errno != EINVAL) break;  // EINVAL: the mask is too short
  }
#endif
  return static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN));
}

int processors() {
  const int n = std::max(1, processors_of_affinity());
  return std::min(n, processors_of_quota().value_or(n));
}

namespace {

// Reads the beginning of a file, up to a size that none of these files exceeds. Returns nothing if
// the file cannot be read.
std::string contents(const std::string& path) {
  std::string text(std::size_t{1} << 16, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

// Removes the text up to the next `end` from `text`, together with `end`, and returns it without
// `end`. If there is no `end`, returns the whole text.
std::string_view cut(std::string_view& text, char end) {
  const std::size_t length = std::min(text.find(end), text.size());
  const std::string_view front = text.substr(0, length);
  text.remove_prefix(std::min(length + 1, text.size()));
  return front;
}

std::optional<int> rounded_up(std::string_view quota, std::string_view period) {
  const auto positive = [](std::string_view text) {
    std::int64_t n = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    return error == std::errc() && end == text.data() + text.size() ? std::max(n, std::int64_t{0})
                                                                    : 0;
  };
  const std::int64_t q = positive(quota), p = positive(period);
  if (q == 0 || p == 0) return {};
  return static_cast<int>(
      std::min<std::int64_t>(q / p + (q % p == 0 ? 0 : 1), std::numeric_limits<int>::max()));
}

// "max 100000" or "150000 100000": the allowed microseconds in each period, and the period in
// microseconds.
std::optional<int> quota_of_version_2(const std::string& folder) {
  const std::string text = contents(folder + "/cpu.max");
  std::string_view rest = text;
  std::string_view line = cut(rest, '\n');
  const std::string_view quota = cut(line, ' ');
  return rounded_up(quota, line);
}

std::optional<int> quota_of_version_1(const std::string& folder) {
  const std::string quota = contents(folder + "/cpu.cfs_quota_us"),
                    period = contents(folder + "/cpu.cfs_period_us");
  std::string_view q = quota, p = period;
  return rounded_up(cut(q, '\n'), cut(p, '\n'));
}

}  // namespace

std::optional<int> processors_of_quota(const std::string& root) {
  std::optional<int> least;
  const auto take = [&](std::optional<int> n) {
    if (n) least = std::min(*n, least.value_or(*n));
  };
  // In a container, the name of the group may be the name on the host. Then the mounted folder is
  // the top group.
  const auto take_upwards = [&](const auto& quota_of, const std::string& top, std::string path) {
    while (true) {
      take(quota_of(top + path));
      if (path.empty()) return;
      const std::size_t slash = path.rfind('/');
      path.resize(slash == std::string::npos ? 0 : slash);
    }
  };
  const std::string mounts = root + "/sys/fs/cgroup";
  take_upwards(quota_of_version_2, mounts, "");
  take_upwards(quota_of_version_1, mounts + "/cpu", "");

  // Each line: hierarchy:controllers:/path. Version 2 names no controllers.
  const std::string groups = contents(root + "/proc/self/cgroup");
  std::string_view lines = groups;
  while (!lines.empty()) {
    std::string_view path = cut(lines, '\n');
    cut(path, ':');
    const std::string_view controllers = cut(path, ':');
    if (controllers.empty()) {
      take_upwards(quota_of_version_2, mounts, std::string(path));
      continue;
    }
    std::string_view rest = controllers;
    while (!rest.empty())
      if (cut(rest, ',') == "cpu")
        take_upwards(quota_of_version_1, mounts + "/" + std::string(controllers),
                     std::string(path));
  }
  return least;
}

}  // namespace autograd::cpu
