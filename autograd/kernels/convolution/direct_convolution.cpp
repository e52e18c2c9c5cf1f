#include "autograd/kernels/convolution/direct_convolution.h"

#include <algorithm>

#include "autograd/kernels/window_axis.h"
#include "autograd/machine/parallel.h"

namespace autograd::kernels::direct {
namespace {

// The number of elements of planes, processed at the same time, that fit into the second-level
// cache.
constexpr std::int64_t kSourceElements = 1 << 15;
constexpr std::int64_t kLanes = 16;  // the greatest number of lanes of a SIMD register

// For any a and positive b.
std::int64_t divide_down(std::int64_t a, std::int64_t b) { return a >= 0 ? a / b : ~(~a / b); }
std::int64_t divide_up(std::int64_t a, std::int64_t b) { return -divide_down(-a, b); }
std::int64_t rounded(std::int64_t n) { return divide_up(n, kLanes) * kLanes; }

// Divides the work into parts for the threads. A part consists of images, or of bands of some rows
// of an image.
struct Plan {
  // A band has at most `most` rows. A row of an image needs `line` elements of planes, and a band
  // needs `more` additional rows.
  Plan(const Convolution& s, std::int64_t rows, std::int64_t line, std::int64_t more,
       std::int64_t most) {
    const std::int64_t fit = kSourceElements / std::max<std::int64_t>(line, 1);
    bands = divide_up(rows, std::clamp<std::int64_t>(std::min(fit - more, most), 1, rows));
    band = divide_up(rows, bands);
    bands = divide_up(rows, band);
    images = bands > 1
                 ? 1
                 : std::clamp<std::int64_t>(std::min(fit / (rows + more), most / rows), 1, s.n);
    units = s.n * bands;
    constexpr double kWorthAPart = 1e6;  // multiplications: some 10 us
    const double work =
        static_cast<double>(s.n * s.k) * static_cast<double>(s.oh * s.ow * s.filter_size());
    parts = std::clamp<std::int64_t>(static_cast<std::int64_t>(work / kWorthAPart), 1,
                                     std::clamp<std::int64_t>(units, 1, 8));
  }

  // Calls body(image, images, first row) for the groups of a part, in order. The images of a group
  // are processed together.
  template <class Body>
  void for_bands(std::int64_t part, const Body& body) const {
    const std::int64_t end = units * (part + 1) / parts;
    for (std::int64_t i = units * part / parts; i < end; i += images)
      body(i / bands, std::min(images, end - i), i % bands * band);
  }

  std::int64_t band, bands, images, units, parts;
};

WindowAxis rows_of(const Convolution& s) { return {s.h, s.oh, s.kh, s.sy, s.py, s.dy}; }
WindowAxis columns_of(const Convolution& s) { return {s.w, s.ow, s.kw, s.sx, s.px, s.dx}; }

// Images copied to planes, one plane for each phase, with all pixels that a filter visits.
struct ImagePlanes {
  ImagePlanes(const Convolution& c, std::int64_t most_rows)
      : s(c),
        rows(rows_of(c)),
        columns(columns_of(c)),
        pitch(rounded(c.ow) + columns.most_steps()),
        plan(c, c.oh, c.c * c.sy * c.sx * pitch, rows.most_steps(), most_rows),
        plane_rows(plan.band + rows.most_steps()) {
    for (std::int64_t u = 0; u < s.kh; ++u)
      for (std::int64_t v = 0; v < s.kw; ++v)
        offset[u * s.kw + v] =
            ((rows.phase(u) * s.sx + columns.phase(v)) * plane_rows + rows.steps(u)) * pitch +
            columns.steps(v);
  }

  Split split(std::int64_t first) const {
    return {s.h, s.w, s.sy, s.sx, first * s.sy - s.py, -s.px, plane_rows, pitch};
  }
  std::int64_t size() const { return rounded(s.c * split(0).size()); }

  // Copies the pixels for a band of the maps from row `first` on.
  template <class T>
  Shifts fill(std::int64_t first, const T* image, T* source) const {
    const Split planes = split(first);
    for (std::int64_t c = 0; c < s.c; ++c)
      kernels<T>().split(planes, image + c * s.h * s.w, source + c * planes.size());
    return {s.c, planes.size(), s.kh * s.kw, offset, pitch};
  }

  const Convolution& s;
  WindowAxis rows, columns;
  std::int64_t pitch;
  Plan plan;
  std::int64_t plane_rows, offset[kMostPlaces];
};

// Takes successive pieces of the workspace.
template <class T>
struct Pieces {
  T* p;
  T* take(std::int64_t n) {
    T* piece = p;
    p += rounded(n);
    return piece;
  }
};

template <class T>
T* bias_or_zeros(const T* b, std::int64_t n, T* to) {
  for (std::int64_t i = 0; i < n; ++i) to[i] = b ? b[i] : T(0);
  return to;
}

}  // namespace

bool possible(const Convolution& s) {
  return s.groups == 1 && s.n > 0 && s.c > 0 && s.k > 0 && s.kh * s.kw <= kMostPlaces &&
         s.slightly_padded();
}

namespace {

// Whether blocks of 16 channels would consist mostly of padding.
bool thin(const Convolution& s) {
  const double blocks = static_cast<double>(divide_up(s.c, 16) * 16 * (divide_up(s.k, 16) * 16));
  return static_cast<double>(s.c * s.k) < 0.6 * blocks;
}

}  // namespace

template <class T>
bool convolve_pays(const Convolution& s) {
  return possible(s) && thin(s) && s.ow >= kernels<T>().lanes;
}
template <class T>
bool convolve_back_pays(const Convolution& s) {
  return possible(s) && thin(s) && divide_up(s.w, s.sx) >= kernels<T>().lanes;
}
template <class T>
bool convolve_filters_pays(const Convolution& s) {
  return convolve_pays<T>(s) && s.c <= 16 && s.k <= 16;
}

template <class T>
std::int64_t convolve_workspace(const Convolution& s) {
  const ImagePlanes planes(s, s.oh);
  return rounded(s.k * s.filter_size()) + rounded(s.k) + planes.plan.parts * planes.size();
}

template <class T>
void convolve(const Convolution& s, const T* x, const T* W, const T* b, T* y, T* workspace) {
  const ImagePlanes planes(s, s.oh);
  const std::int64_t taps = s.filter_size();
  Pieces<T> pieces{workspace};
  T* filters = pieces.take(s.k * taps);
  const T* biases = bias_or_zeros(b, s.k, pieces.take(s.k));
  for (std::int64_t t = 0; t < taps; ++t)
    for (std::int64_t k = 0; k < s.k; ++k) filters[t * s.k + k] = W[k * taps + t];
  parallel::for_each(planes.plan.parts, [&](std::int64_t part) {
    T* source = pieces.p + part * planes.size();
    std::fill_n(source, planes.size(), T(0));
    planes.plan.for_bands(part, [&](std::int64_t image, std::int64_t, std::int64_t first) {
      const std::int64_t rows = std::min(planes.plan.band, s.oh - first);
      const Shifts shifts = planes.fill(first, x + image * s.c * s.h * s.w, source);
      kernels<T>().correlate(
          shifts, source, filters, biases,
          {y + (image * s.k * s.oh + first) * s.ow, s.k, s.oh * s.ow, rows, s.ow, s.ow});
    });
  });
}

namespace {

// The maps copied to planes, for pixels in the order of their positions modulo the stride. Pixel r
// stride + m, with m in [0, stride), is visited by the filter's positions u of the phase (m + pad)
// % stride, at map elements r + (m + pad) / stride - steps(u).
struct MapPlanes {
  explicit MapPlanes(const Convolution& c)
      : s(c),
        rows(rows_of(c)),
        columns(columns_of(c)),
        across(divide_up(s.w, s.sx)),
        pitch(rounded(across) + columns.most_steps() + 1),
        plan(c, divide_up(s.h, s.sy), c.k * pitch, rows.most_steps() + 1, divide_up(s.h, s.sy)) {
    std::int64_t* next = offset;
    for (std::int64_t i = 0; i < s.sy; ++i)
      for (std::int64_t j = 0; j < s.sx; ++j)
        for_places(i, j, [&](std::int64_t u, std::int64_t v) {
          *next++ = origin(rows, i, u) * pitch + origin(columns, j, v);
        });
  }

  // Calls body(u, v) for the positions of a filter that visit pixels (i, j), modulo the strides.
  template <class Body>
  void for_places(std::int64_t i, std::int64_t j, const Body& body) const {
    for (std::int64_t u = 0; u < s.kh; ++u)
      for (std::int64_t v = 0; v < s.kw; ++v)
        if (rows.phase(u) == (i + s.py) % s.sy && columns.phase(v) == (j + s.px) % s.sx) body(u, v);
  }
  std::int64_t places(std::int64_t i, std::int64_t j) const {
    std::int64_t n = 0;
    for_places(i, j, [&](std::int64_t, std::int64_t) { ++n; });
    return n;
  }

  // The filters in the order of the pixels that they visit; for each of them (k, places, c).
  template <class T>
  void arrange(const T* W, T* filters) const {
    for (std::int64_t i = 0; i < s.sy; ++i)
      for (std::int64_t j = 0; j < s.sx; ++j)
        for (std::int64_t k = 0; k < s.k; ++k)
          for_places(i, j, [&](std::int64_t u, std::int64_t v) {
            for (std::int64_t c = 0; c < s.c; ++c)
              *filters++ = W[((k * s.c + c) * s.kh + u) * s.kw + v];
          });
  }

  // Copies the maps for the pixels from row `first` sy on.
  Split split(std::int64_t first) const {
    return {s.oh,
            s.ow,
            1,
            1,
            first + s.py / s.sy - rows.most_steps(),
            s.px / s.sx - columns.most_steps(),
            plan.band + rows.most_steps() + 1,
            pitch};
  }
  std::int64_t size() const { return rounded(s.k * split(0).size()); }
  // Lines of pixels of one phase, before they are interleaved to rows.
  std::int64_t line() const { return rounded(across); }
  std::int64_t lines() const { return s.sx == 1 ? 0 : s.c * plan.band * s.sx * line(); }

  const Convolution& s;
  WindowAxis rows, columns;
  std::int64_t across, pitch;
  Plan plan;
  std::int64_t offset[kMostPlaces];

 private:
  // The offset on the planes at which the filter's position u visits pixel m.
  static std::int64_t origin(const WindowAxis& a, std::int64_t m, std::int64_t u) {
    return (m + a.pad) / a.stride - a.pad / a.stride + a.most_steps() - a.steps(u);
  }
};

}  // namespace

template <class T>
std::int64_t convolve_back_workspace(const Convolution& s) {
  const MapPlanes planes(s);
  return rounded(s.c) + rounded(s.k * s.filter_size()) +
         planes.plan.parts * (planes.size() + planes.lines());
}

template <class T>
void convolve_back(const Convolution& s, const T* y, const T* W, const T* b, T* x, T* workspace) {
  const MapPlanes planes(s);
  const std::int64_t line = planes.line();
  Pieces<T> pieces{workspace};
  const T* biases = bias_or_zeros(b, s.c, pieces.take(s.c));
  T* filters = pieces.take(s.k * s.filter_size());
  planes.arrange(W, filters);
  parallel::for_each(planes.plan.parts, [&](std::int64_t part) {
    T* source = pieces.p + part * (planes.size() + planes.lines());
    T* lines = source + planes.size();
    std::fill_n(source, planes.size(), T(0));
    planes.plan.for_bands(part, [&](std::int64_t image, std::int64_t, std::int64_t first) {
      const Split split = planes.split(first);
      for (std::int64_t k = 0; k < s.k; ++k)
        kernels<T>().split(split, y + (image * s.k + k) * s.oh * s.ow, source + k * split.size());
      std::int64_t done = 0;  // positions of the filters that are done
      for (std::int64_t i = 0; i < s.sy; ++i) {
        T* row = x + (image * s.c * s.h + first * s.sy + i) * s.w;
        const std::int64_t rows = std::min(planes.plan.band, divide_up(s.h - i, s.sy) - first);
        for (std::int64_t j = 0; j < s.sx; ++j) {
          const std::int64_t places = planes.places(i, j);
          const Shifts shifts{s.k, split.size(), places, planes.offset + done, split.pitch};
          if (rows > 0)
            kernels<T>().correlate(shifts, source, filters + done * s.k * s.c, biases,
                                   s.sx == 1
                                       ? Maps<T>{row, s.c, s.h * s.w, rows, s.w, s.sy * s.w}
                                       : Maps<T>{lines + j * line, s.c, rows * s.sx * line, rows,
                                                 divide_up(s.w - j, s.sx), s.sx * line});
          done += places;
        }
        if (s.sx == 1) continue;
        for (std::int64_t c = 0; c < s.c; ++c)
          for (std::int64_t r = 0; r < rows; ++r)
            kernels<T>().interleave(lines + (c * rows + r) * s.sx * line, s.sx, line, s.w,
                                    row + (c * s.h + r * s.sy) * s.w);
      }
    });
  });
}

namespace {

// The gradient of the filters: the workspace of a part, for `lanes` lanes per register.
struct FiltersPlan {
  // 64 registers of each map of a block fit into the first-level cache. With fewer registers, as
  // for small images, the sums would be loaded and stored too often.
  FiltersPlan(const Convolution& s, std::int64_t lanes)
      : planes(s, std::max<std::int64_t>(64 / divide_up(s.ow, lanes), 1)),
        maps(s.k * planes.plan.band * divide_up(s.ow, lanes) * lanes),
        totals(rounded(s.k * s.filter_size())),
        sums(rounded(s.k * s.filter_size() * lanes)) {}

  std::int64_t of_a_part() const {
    return planes.plan.images * planes.size() + rounded(planes.plan.images * maps) + totals + sums;
  }

  ImagePlanes planes;
  std::int64_t maps, totals, sums;
};

}  // namespace

template <class T>
std::int64_t convolve_filters_workspace(const Convolution& s) {
  const FiltersPlan plan(s, kernels<T>().lanes);
  return plan.planes.plan.parts * plan.of_a_part();
}

template <class T>
void convolve_filters(const Convolution& s, const T* x, const T* y, T* W, T* workspace) {
  const std::int64_t lanes = kernels<T>().lanes, taps = s.filter_size();
  const FiltersPlan plan(s, lanes);
  const ImagePlanes& planes = plan.planes;
  const auto workspace_of = [&](std::int64_t part) { return workspace + part * plan.of_a_part(); };
  parallel::for_each(planes.plan.parts, [&](std::int64_t part) {
    Pieces<T> mine{workspace_of(part)};
    T *total = mine.take(s.k * taps), *sums = mine.take(plan.sums),
      *source = mine.take(planes.plan.images * planes.size()),
      *packed = mine.take(planes.plan.images * plan.maps);
    std::fill_n(sums, plan.sums, T(0));
    std::fill_n(source, planes.plan.images * planes.size(), T(0));
    planes.plan.for_bands(part, [&](std::int64_t image, std::int64_t images, std::int64_t first) {
      const std::int64_t rows = std::min(planes.plan.band, s.oh - first);
      Maps<const T> maps{
          y + (image * s.k * s.oh + first) * s.ow, s.k, s.oh * s.ow, rows, s.ow, s.ow};
      kernels<T>().pack(maps, images, s.k * s.oh * s.ow, packed);
      Shifts shifts{};
      for (std::int64_t i = 0; i < images; ++i)
        shifts = planes.fill(first, x + (image + i) * s.c * s.h * s.w, source + i * planes.size());
      maps.p = packed;
      kernels<T>().accumulate(shifts, source, images, planes.size(), maps, sums);
    });
    kernels<T>().sum_lanes(sums, s.k * taps, total);
  });
  parallel::for_chunks(s.k, divide_up(1 << 12, taps), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t k = begin; k < end; ++k)
      for (std::int64_t t = 0; t < taps; ++t) {
        T sum = 0;
        for (std::int64_t part = 0; part < planes.plan.parts; ++part)
          sum += workspace_of(part)[t * s.k + k];
        W[k * taps + t] = sum;
      }
  });
}

template bool convolve_pays<float>(const Convolution&);
template bool convolve_pays<double>(const Convolution&);
template bool convolve_back_pays<float>(const Convolution&);
template bool convolve_back_pays<double>(const Convolution&);
template bool convolve_filters_pays<float>(const Convolution&);
template bool convolve_filters_pays<double>(const Convolution&);
template std::int64_t convolve_workspace<float>(const Convolution&);
template std::int64_t convolve_workspace<double>(const Convolution&);
template std::int64_t convolve_back_workspace<float>(const Convolution&);
template std::int64_t convolve_back_workspace<double>(const Convolution&);
template std::int64_t convolve_filters_workspace<float>(const Convolution&);
template std::int64_t convolve_filters_workspace<double>(const Convolution&);
template void convolve(const Convolution&, const float*, const float*, const float*, float*,
                       float*);
template void convolve(const Convolution&, const double*, const double*, const double*, double*,
                       double*);
template void convolve_back(const Convolution&, const float*, const float*, const float*, float*,
                            float*);
template void convolve_back(const Convolution&, const double*, const double*, const double*,
                            double*, double*);
template void convolve_filters(const Convolution&, const float*, const float*, float*, float*);
template void convolve_filters(const Convolution&, const double*, const double*, double*, double*);

}  // namespace autograd::kernels::direct
