#include "autograd/array/onednn.h"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <oneapi/dnnl/dnnl.hpp>
#include <unordered_map>
#include <utility>
#include <vector>

#include "autograd/array/array.h"
#include "autograd/kernels/onednn.h"
#include "autograd/machine/cpu.h"
#include "autograd/machine/openmp.h"
#include "autograd/machine/parallel.h"

namespace autograd::array::onednn {
namespace {

using dnnl::memory;
using kernels::Convolution;
using Format = memory::format_tag;

using openmp::OneThread;

const dnnl::engine& engine() {
  static const dnnl::engine* const cpu = [] {
    kernels::limit_onednn();
    return new dnnl::engine(dnnl::engine::kind::cpu, 0);  // never destroyed, like the cache below
  }();
  return *cpu;
}

// One for each thread. If a destructor computes a convolution after this object of the thread has
// been destroyed, it gets a new object, which is never destroyed.
constinit thread_local dnnl::stream* stream_of_thread = nullptr;
dnnl::stream& stream() {
  if (stream_of_thread == nullptr) {
    struct AtEnd {
      ~AtEnd() { delete std::exchange(stream_of_thread, nullptr); }
    };
    thread_local const AtEnd at_end;
    static_cast<void>(at_end);
    stream_of_thread = new dnnl::stream(engine());
  }
  return *stream_of_thread;
}

// Divides the batch into parts that are as equal as possible, so that threads end together.
struct Parts {
  explicit Parts(const Convolution& s, std::int64_t most_parts = 8) : batch(s.n) {
    constexpr double kWorthAPart = 2e6;  // multiplications: some 20 us
    const double work =
        static_cast<double>(s.n * s.k) * static_cast<double>(s.oh * s.ow * s.filter_size());
    count = std::clamp<std::int64_t>(static_cast<std::int64_t>(work / kWorthAPart), 1,
                                     std::clamp<std::int64_t>(batch, 1, most_parts));
  }

  std::int64_t first(std::int64_t part) const { return batch * part / count; }
  std::int64_t images(std::int64_t part) const { return first(part + 1) - first(part); }
  std::int64_t least() const { return batch / count; }
  std::int64_t most() const { return (batch + count - 1) / count; }

  std::int64_t batch, count;
};

// The descriptions of a part's operands in the caller's memory: dense and in C order.
struct Plain {
  Plain(const Convolution& s, std::int64_t n)
      : x({n, s.c, s.h, s.w}, memory::data_type::f32, Format::nchw),
        y({n, s.k, s.oh, s.ow}, memory::data_type::f32, Format::nchw),
        W(s.groups == 1 ? memory::desc({s.k, s.c, s.kh, s.kw}, memory::data_type::f32, Format::oihw)
                        : memory::desc({s.groups, s.k / s.groups, s.c / s.groups, s.kh, s.kw},
                                       memory::data_type::f32, Format::goihw)),
        b({s.k}, memory::data_type::f32, Format::x) {}

  memory::desc x, y, W, b;
};

memory::desc in_format(const memory::desc& plain, Format format) {
  return {plain.dims(), plain.data_type(), format};
}

struct Geometry {
  explicit Geometry(const Convolution& s)
      : stride{s.sy, s.sx},
        dilate{s.dy - 1, s.dx - 1},
        before{s.py, s.px},
        // Chosen so that the number of windows equals the size of the maps.
        behind{(s.oh - 1) * s.sy + (s.kh - 1) * s.dy + 1 - s.h - s.py,
               (s.ow - 1) * s.sx + (s.kw - 1) * s.dx + 1 - s.w - s.px} {}

  memory::dims stride, dilate, before, behind;
};

dnnl::primitive_attr own_scratchpad() {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attributes;
}

std::size_t rounded(std::size_t bytes) { return (bytes + 63) / 64 * 64; }

// A reorder between two formats; empty if the formats are equal.
class Change {
 public:
  Change() = default;
  Change(const memory::desc& from, const memory::desc& to)
      : from_(from), to_(to), needed_(from != to) {
    if (needed_)
      reorder_ = dnnl::reorder(
          dnnl::reorder::primitive_desc(engine(), from, engine(), to, own_scratchpad()));
  }

  explicit operator bool() const { return needed_; }
  void run(const float* from, float* to) const {
    memory source(from_, engine(), const_cast<float*>(from)), target(to_, engine(), to);
    reorder_.execute(stream(), source, target);
  }

 private:
  memory::desc from_, to_;
  bool needed_ = false;
  dnnl::reorder reorder_;
};

enum class Kind { forward, back, filters };

// Whether the maps are small and the channels are many. Then, with AVX-512 only, channels as the
// innermost axis are faster than blocks of channels.
bool deep(std::int64_t channels, const Convolution& s) {
  return cpu::active() == cpu::Isa::avx512 && channels >= 64 && s.oh * s.ow <= 256;
}

// A convolution of a part of the batch: it reads two operands and writes `c`. Its internal formats
// were measured to be the fastest (docs/decisions/convolution.md). The formats of the operands and
// of the result are plain.
struct Primitive {
  Primitive(Kind kind, const Convolution& s, std::int64_t n, bool bias,
            const memory::desc* filters) {
    const Plain plain(s, n);
    const Geometry g(s);
    const auto any = [](const memory::desc& d) { return in_format(d, Format::any); };
    const memory::desc of_W = filters ? *filters : any(plain.W);
    const auto algorithm = dnnl::algorithm::convolution_direct;
    const auto attributes = own_scratchpad();
    using dnnl::convolution_forward;
    const auto forward = [&](const memory::desc& of_x, const memory::desc& of_y, bool with_bias) {
      const auto purpose = dnnl::prop_kind::forward_training;
      return convolution_forward::primitive_desc(
          with_bias ? convolution_forward::desc(purpose, algorithm, of_x, of_W, plain.b, of_y,
                                                g.stride, g.dilate, g.before, g.behind)
                    : convolution_forward::desc(purpose, algorithm, of_x, of_W, of_y, g.stride,
                                                g.dilate, g.before, g.behind),
          attributes, engine());
    };
    if (kind == Kind::forward) {
      // Blocks of 16 channels would be mostly padding.
      const bool narrow = s.c < 16 && s.k < 16;
      const Format format = narrow || deep(s.k, s) ? Format::nhwc : Format::any;
      const auto desc = forward(in_format(plain.x, format), in_format(plain.y, format), bias);
      take(dnnl::convolution_forward(desc), desc.scratchpad_desc());
      set(desc.src_desc(), desc.dst_desc(), desc.weights_desc());
    } else if (kind == Kind::back) {
      const memory::desc of_x = any(plain.x), of_y = any(plain.y);
      const dnnl::convolution_backward_data::primitive_desc desc(
          {algorithm, of_x, of_W, of_y, g.stride, g.dilate, g.before, g.behind}, attributes,
          engine(), forward(of_x, of_y, false));
      take(dnnl::convolution_backward_data(desc), desc.scratchpad_desc());
      set(desc.diff_src_desc(), desc.diff_dst_desc(), desc.weights_desc());
    } else {
      const bool dense = s.sy == 1 && s.sx == 1;
      const Format format = dense && deep(s.c, s) ? Format::nhwc : Format::any;
      const memory::desc of_x = in_format(plain.x, format), of_y = in_format(plain.y, format);
      const dnnl::convolution_backward_weights::primitive_desc desc(
          {algorithm, of_x, of_W, of_y, g.stride, g.dilate, g.before, g.behind}, attributes,
          engine(), forward(of_x, of_y, false));
      take(dnnl::convolution_backward_weights(desc), desc.scratchpad_desc());
      set(desc.src_desc(), desc.diff_dst_desc(), desc.diff_weights_desc());
    }
    x_in = kind == Kind::back ? Change(x, plain.x) : Change(plain.x, x);
    y_in = kind == Kind::forward ? Change(y, plain.y) : Change(plain.y, y);
    W_in = kind == Kind::filters ? Change(W, plain.W) : Change(plain.W, W);
  }

  void take(const dnnl::primitive& p, const memory::desc& pad) {
    primitive = p;
    scratchpad = pad;
  }
  void set(const memory::desc& of_x, const memory::desc& of_y, const memory::desc& of_W) {
    x = of_x;
    y = of_y;
    W = of_W;
  }
  // The bytes that a run needs for x and y in the internal formats, and for oneDNN itself.
  std::size_t workspace() const {
    return (x_in ? rounded(x.get_size()) : 0) + (y_in ? rounded(y.get_size()) : 0) +
           rounded(scratchpad.get_size());
  }

  dnnl::primitive primitive;
  memory::desc x, y, W, scratchpad;
  Change x_in, y_in, W_in;
};

// The convolutions for both sizes of parts.
struct Entry {
  Entry(Kind kind, const Convolution& s, bool bias, const Parts& parts)
      : small_size(parts.least()),
        large(kind, s, parts.most(), bias, nullptr),
        small(parts.least() == parts.most() ? large
                                            : Primitive(kind, s, parts.least(), bias, &large.W)) {}

  std::size_t workspace() const { return std::max(large.workspace(), small.workspace()); }
  const Primitive& of(std::int64_t images) const { return images == small_size ? small : large; }

  std::int64_t small_size;
  Primitive large, small;
};

// Making a primitive takes longer than many convolutions, so primitives are kept. If there are more
// sizes than kMost, the cache is emptied.
class Cache {
 public:
  explicit Cache(const Cache* parents = nullptr) : parents_(parents) {}

  // Empty if oneDNN does not support the convolution.
  std::shared_ptr<const Entry> find(Kind kind, const Convolution& s, bool bias,
                                    const Parts& parts) {
    std::lock_guard lock(mutex_);
    for (const Item& item : items_)
      if (item.kind == kind && item.bias == bias && item.sizes == s) return item.entry;
    if (items_.size() == kMost) items_.clear();
    std::shared_ptr<const Entry> entry;
    try {
      const OneThread scope;
      entry = std::make_shared<const Entry>(kind, s, bias, parts);
      static const bool watched = [] {
        kernels::watch_onednn();
        return true;
      }();
      static_cast<void>(watched);
    } catch (const dnnl::error&) {
    }
    items_.push_back({kind, s, bias, entry});
    return entry;
  }

 private:
  static constexpr std::size_t kMost = 256;
  struct Item {
    Kind kind;
    Convolution sizes;
    bool bias;
    std::shared_ptr<const Entry> entry;
  };
  std::mutex mutex_;
  std::vector<Item> items_;
  [[maybe_unused]] const Cache* parents_;  // in the child of a fork(): kept, but not used
};

// Never destroyed, because objects with static lifetime may compute until the end of the process.
// The child of a fork() starts with an empty cache, because another thread may have been changing
// the parent's cache.
Cache*& cache() {
  static Cache* pointer = [] {
    pthread_atfork(nullptr, nullptr, [] { cache() = new Cache(cache()); });
    return new Cache;
  }();
  return pointer;
}

std::shared_ptr<const Entry> entry_for(Kind kind, const Convolution& s, bool bias,
                                       const Parts& parts) {
  if (s.n == 0 || s.c == 0 || s.k == 0 || !s.slightly_padded()) return nullptr;
  kernels::limit_onednn();
  if (!kernels::onednn_is_alive()) return nullptr;
  return cache()->find(kind, s, bias, parts);
}

class Bytes {
 public:
  explicit Bytes(std::size_t size)
      : array_(Array::empty({static_cast<std::int64_t>(size)}, Dtype::uint8)),
        data_(static_cast<std::byte*>(array_.mutable_raw())) {}
  float* floats(std::size_t from = 0) const { return reinterpret_cast<float*>(data_ + from); }

 private:
  Array array_;
  std::byte* data_;
};

// Calls body(part, workspace) for each part. There are as many workspaces as threads.
template <class Body>
void for_parts(const Parts& parts, std::size_t workspace, const Body& body) {
  const std::int64_t lanes = std::min<std::int64_t>(parts.count, parallel::threads());
  const Bytes bytes(workspace * static_cast<std::size_t>(lanes));
  std::atomic<std::int64_t> next{0};
  parallel::for_each(lanes, [&](std::int64_t lane) {
    const OneThread scope;
    float* own = bytes.floats(static_cast<std::size_t>(lane) * workspace);
    for (std::int64_t part; (part = next++) < parts.count;) body(part, own);
  });
}

// One run of a primitive: the arguments of the primitive, and the reorders before and after it.
struct Run {
  Run(const Primitive& primitive, float* workspace) : p(primitive) {
    auto* bytes = reinterpret_cast<std::byte*>(workspace);
    const auto take = [&](std::size_t size) {
      auto* at = reinterpret_cast<float*>(bytes);
      bytes += rounded(size);
      return at;
    };
    inner_x = p.x_in ? take(p.x.get_size()) : nullptr;
    inner_y = p.y_in ? take(p.y.get_size()) : nullptr;
    scratchpad = take(p.scratchpad.get_size());
  }

  // The address from which the primitive reads the operand at `plain`.
  float* reads(const Change& change, const float* plain, float* inner) const {
    if (!change) return const_cast<float*>(plain);
    change.run(plain, inner);
    return inner;
  }
  memory at(const memory::desc& desc, const float* data) const {
    return {desc, engine(), const_cast<float*>(data)};
  }
  void execute(std::unordered_map<int, memory> operands) const {
    operands.emplace(DNNL_ARG_SCRATCHPAD, at(p.scratchpad, scratchpad));
    p.primitive.execute(stream(), operands);
  }

  const Primitive& p;
  float *inner_x, *inner_y, *scratchpad;
};

// The filters in the internal format.
struct Filters {
  Filters(const Primitive& p, const float* plain)
      : bytes(p.W_in ? p.W.get_size() : 0), data(p.W_in ? bytes.floats() : plain) {
    const OneThread scope;
    if (p.W_in) p.W_in.run(plain, bytes.floats());
  }

  Bytes bytes;
  const float* data;
};

}  // namespace

bool convolve(const Convolution& s, const float* x, const float* W, const float* b, float* y) {
  const Parts parts(s);
  const auto entry = entry_for(Kind::forward, s, b != nullptr, parts);
  if (!entry) return false;
  const Filters filters(entry->large, W);
  for_parts(parts, entry->workspace(), [&](std::int64_t part, float* workspace) {
    const Primitive& p = entry->of(parts.images(part));
    const Run run(p, workspace);
    const float* from = x + parts.first(part) * s.c * s.h * s.w;
    float* to = y + parts.first(part) * s.k * s.oh * s.ow;
    float* target = p.y_in ? run.inner_y : to;
    std::unordered_map<int, memory> operands{
        {DNNL_ARG_SRC, run.at(p.x, run.reads(p.x_in, from, run.inner_x))},
        {DNNL_ARG_WEIGHTS, run.at(p.W, filters.data)},
        {DNNL_ARG_DST, run.at(p.y, target)}};
    if (b) operands.emplace(DNNL_ARG_BIAS, run.at(Plain(s, 1).b, b));
    run.execute(std::move(operands));
    if (p.y_in) p.y_in.run(target, to);
  });
  return true;
}

bool convolve_back(const Convolution& s, const float* y, const float* W, const float* b, float* x) {
  const Parts parts(s);
  const auto entry = entry_for(Kind::back, s, false, parts);
  if (!entry) return false;
  const Filters filters(entry->large, W);
  for_parts(parts, entry->workspace(), [&](std::int64_t part, float* workspace) {
    const Primitive& p = entry->of(parts.images(part));
    const Run run(p, workspace);
    const float* from = y + parts.first(part) * s.k * s.oh * s.ow;
    float* to = x + parts.first(part) * s.c * s.h * s.w;
    float* target = p.x_in ? run.inner_x : to;
    run.execute({{DNNL_ARG_DIFF_DST, run.at(p.y, run.reads(p.y_in, from, run.inner_y))},
                 {DNNL_ARG_WEIGHTS, run.at(p.W, filters.data)},
                 {DNNL_ARG_DIFF_SRC, run.at(p.x, target)}});
    if (p.x_in) p.x_in.run(target, to);
    if (!b) return;
    const std::int64_t planes = parts.images(part) * s.c;
    for (std::int64_t i = 0; i < planes; ++i)
      for (std::int64_t j = 0; j < s.h * s.w; ++j) to[i * s.h * s.w + j] += b[i % s.c];
  });
  return true;
}

bool convolve_filters(const Convolution& s, const float* x, const float* y, float* W) {
  const Parts parts(s, kernels::most_parts_of_filters(s));
  const auto entry = entry_for(Kind::filters, s, false, parts);
  if (!entry) return false;
  const std::size_t size = rounded(entry->large.W.get_size());
  const Bytes sums(size * static_cast<std::size_t>(parts.count));
  const auto sum = [&](std::int64_t part) {
    return sums.floats(static_cast<std::size_t>(part) * size);
  };
  for_parts(parts, entry->workspace(), [&](std::int64_t part, float* workspace) {
    const Primitive& p = entry->of(parts.images(part));
    const Run run(p, workspace);
    const float* from_x = x + parts.first(part) * s.c * s.h * s.w;
    const float* from_y = y + parts.first(part) * s.k * s.oh * s.ow;
    run.execute({{DNNL_ARG_SRC, run.at(p.x, run.reads(p.x_in, from_x, run.inner_x))},
                 {DNNL_ARG_DIFF_DST, run.at(p.y, run.reads(p.y_in, from_y, run.inner_y))},
                 {DNNL_ARG_DIFF_WEIGHTS, run.at(p.W, sum(part))}});
  });
  parallel::for_chunks(static_cast<std::int64_t>(entry->large.W.get_size() / sizeof(float)),
                       1 << 14, [&](std::int64_t begin, std::int64_t end) {
                         for (std::int64_t part = 1; part < parts.count; ++part)
                           for (std::int64_t i = begin; i < end; ++i) sum(0)[i] += sum(part)[i];
                       });
  const OneThread scope;
  if (entry->large.W_in)
    entry->large.W_in.run(sum(0), W);
  else
    std::copy_n(sum(0), s.k * s.filter_size(), W);
  return true;
}

}  // namespace autograd::array::onednn
