#include "autograd/kernels/convolution/convolution.h"

#include <algorithm>

#include "autograd/kernels/products/gemm.h"
#include "autograd/machine/parallel.h"

namespace autograd::kernels {
namespace {

// Columns of at most kColumnElements elements fit into the second-level cache together with the
// other matrices of their product. With fewer than kPlaces places, a matrix product is slow.
constexpr std::int64_t kColumnElements = 1 << 16;
constexpr std::int64_t kPlaces = 256;

std::int64_t divide_up(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

// Divides the batch into parts for the threads, and each part into blocks. A block has `images`
// whole images or, if one image is too large for a block, `rows` rows of its map.
struct Plan {
  explicit Plan(const Convolution& s) {
    const std::int64_t line = std::max<std::int64_t>(s.c * s.kh * s.kw * s.ow, 1);
    const std::int64_t wanted =
        std::max(kColumnElements / line, divide_up(kPlaces, std::max<std::int64_t>(s.ow, 1)));
    rows = std::clamp<std::int64_t>(wanted, 1, std::max<std::int64_t>(s.oh, 1));
    images = rows < s.oh
                 ? 1
                 : std::clamp<std::int64_t>(wanted / rows, 1, std::max<std::int64_t>(s.n, 1));
    constexpr double kWorthAPart = 2e6;  // multiplications: some 20 us
    const double work =
        static_cast<double>(s.n * s.k) * static_cast<double>(s.oh * s.ow * s.filter_size());
    parts = std::clamp<std::int64_t>(static_cast<std::int64_t>(work / kWorthAPart), 1, 8);
    images_of_a_part = divide_up(divide_up(s.n, images), parts) * images;
    parts = divide_up(s.n, std::max<std::int64_t>(images_of_a_part, 1));
  }

  std::int64_t rows, images, parts, images_of_a_part;
};

// Rows [first, first + rows) of the maps of images [image, image + images).
struct Block {
  std::int64_t image, images, first, rows;

  std::int64_t places(const Convolution& s) const { return images * rows * s.ow; }
  // Whether the elements of one channel of the maps are contiguous.
  bool joined() const { return images == 1; }
};

// Calls body(block) for the blocks of a part, in order.
template <class Body>
void for_blocks(const Convolution& s, const Plan& plan, std::int64_t part, const Body& body) {
  const std::int64_t end = std::min((part + 1) * plan.images_of_a_part, s.n);
  for (std::int64_t i = part * plan.images_of_a_part; i < end; i += plan.images)
    for (std::int64_t row = 0; row < s.oh; row += plan.rows)
      body(Block{i, std::min(plan.images, end - i), row, std::min(plan.rows, s.oh - row)});
}

// A 1 x 1 filter that visits each pixel once. Then the images themselves are the columns.
bool pixelwise(const Convolution& s) {
  return s.kh == 1 && s.kw == 1 && s.sy == 1 && s.sx == 1 && s.py == 0 && s.px == 0 &&
         s.oh == s.h && s.ow == s.w;
}

// The part [begin, end) of [0, n) where i stride + shift lies in [0, length).
struct Inside {
  Inside(std::int64_t n, std::int64_t stride, std::int64_t shift, std::int64_t length)
      : begin(std::clamp<std::int64_t>(shift < 0 ? divide_up(-shift, stride) : 0, 0, n)),
        end(shift < length ? std::clamp<std::int64_t>((length - 1 - shift) / stride + 1, begin, n)
                           : begin) {}

  std::int64_t begin, end;
};

// The columns of one position of the filters in one channel of one image: element (i, j) of the
// columns is pixel (i sy + down, j sx + right). Outside `rows` and `places`, this pixel lies
// outside the image, and the element is 0.
template <class X, class C>
struct Plane {
  X* pixels;
  C* columns;
  std::int64_t down, right;
  Inside rows, places;
};

// Calls body(plane) for all the planes of a block.
template <class X, class C, class Body>
void for_planes(const Convolution& s, const Block& block, X* x, C* columns, const Body& body) {
  const std::int64_t places = block.places(s);
  parallel::for_chunks(s.c, divide_up(1 << 14, s.kh * s.kw * places), [&](auto first, auto last) {
    for (std::int64_t c = first; c < last; ++c)
      for (std::int64_t u = 0; u < s.kh; ++u)
        for (std::int64_t v = 0; v < s.kw; ++v) {
          const std::int64_t down = block.first * s.sy + u * s.dy - s.py, right = v * s.dx - s.px;
          const Inside rows(block.rows, s.sy, down, s.h), inner(s.ow, s.sx, right, s.w);
          C* column = columns + ((c * s.kh + u) * s.kw + v) * places;
          for (std::int64_t i = 0; i < block.images; ++i, column += block.rows * s.ow)
            body(Plane<X, C>{x + ((block.image + i) * s.c + c) * s.h * s.w, column, down, right,
                             rows, inner});
        }
  });
}

// If the maps are as wide as the images, a plane of columns is a shifted plane of the image, except
// at its sides: elements [begin, end) of the columns are the pixels at an offset of `shift`.
struct Moved {
  template <class P>
  Moved(const Convolution& s, const P& p)
      : possible(s.sx == 1 && s.sy == 1 && s.ow == s.w && p.rows.begin < p.rows.end &&
                 p.places.begin < p.places.end),
        begin(p.rows.begin * s.ow + p.places.begin),
        end((p.rows.end - 1) * s.ow + p.places.end),
        shift(p.down * s.w + p.right) {}

  bool possible;
  std::int64_t begin, end, shift;
};

// Sets the elements for positions outside the image to 0. These are plain loops, here and below,
// because lines are often too short for memset and memmove to be faster.
template <class P>
void clear_sides(const Convolution& s, const P& p) {
  for (std::int64_t i = p.rows.begin; i < p.rows.end; ++i) {
    for (std::int64_t j = 0; j < p.places.begin; ++j) p.columns[i * s.ow + j] = 0;
    for (std::int64_t j = p.places.end; j < s.ow; ++j) p.columns[i * s.ow + j] = 0;
  }
}

template <class T>
void im2col(const Convolution& s, const Block& block, const T* x, T* columns) {
  for_planes(s, block, x, columns, [&](const Plane<const T, T>& p) {
    std::fill(p.columns, p.columns + p.rows.begin * s.ow, T(0));
    std::fill(p.columns + p.rows.end * s.ow, p.columns + block.rows * s.ow, T(0));
    const Moved moved(s, p);
    if (moved.possible) {
      for (std::int64_t i = moved.begin; i < moved.end; ++i)
        p.columns[i] = p.pixels[i + moved.shift];
    } else {
      for (std::int64_t i = p.rows.begin; i < p.rows.end; ++i) {
        const T* line = p.pixels + (i * s.sy + p.down) * s.w + p.right;
        T* column = p.columns + i * s.ow;
        for (std::int64_t j = p.places.begin; j < p.places.end; ++j) column[j] = line[j * s.sx];
      }
    }
    clear_sides(s, p);
  });
}

// Adds the columns to their pixels. Columns without a pixel are ignored.
template <class T>
void col2im(const Convolution& s, const Block& block, T* columns, T* x) {
  for_planes(s, block, x, columns, [&](const Plane<T, T>& p) {
    const Moved moved(s, p);
    if (moved.possible) {
      clear_sides(s, p);
      for (std::int64_t i = moved.begin; i < moved.end; ++i)
        p.pixels[i + moved.shift] += p.columns[i];
    } else {
      for (std::int64_t i = p.rows.begin; i < p.rows.end; ++i) {
        T* line = p.pixels + (i * s.sy + p.down) * s.w + p.right;
        const T* column = p.columns + i * s.ow;
        for (std::int64_t j = p.places.begin; j < p.places.end; ++j) line[j * s.sx] += column[j];
      }
    }
  });
}

// The columns of all channels of a block. The columns of successive channels are `stride` elements
// apart.
template <class T>
struct Channels {
  T* p;
  std::int64_t stride;
};

// The offset of a block's rows in a batch of maps.
template <class T>
Channels<T> in_maps(const Convolution& s, const Block& block, T* y) {
  return {y + block.image * s.k * s.oh * s.ow + block.first * s.ow, s.oh * s.ow};
}

// Copies the maps of a block's images to or from one matrix (k, places).
template <class T>
void gather(const Convolution& s, const Block& block, const T* y, T* joined) {
  const std::int64_t size = s.oh * s.ow;
  for (std::int64_t i = 0; i < block.images; ++i)
    for (std::int64_t k = 0; k < s.k; ++k)
      std::copy_n(y + ((block.image + i) * s.k + k) * size, size,
                  joined + (k * block.images + i) * size);
}
template <class T>
void scatter(const Convolution& s, const Block& block, const T* joined, T* y) {
  const std::int64_t size = s.oh * s.ow;
  for (std::int64_t i = 0; i < block.images; ++i)
    for (std::int64_t k = 0; k < s.k; ++k)
      std::copy_n(joined + (k * block.images + i) * size, size,
                  y + ((block.image + i) * s.k + k) * size);
}

// The workspace of a part: the columns of a block, and its maps as one matrix.
struct Buffers {
  Buffers(const Convolution& s, const Plan& plan)
      : columns(pixelwise(s) && plan.images == 1
                    ? 0
                    : s.c * s.kh * s.kw * plan.images * plan.rows * s.ow),
        maps(plan.images == 1 ? 0 : s.k * plan.images * plan.rows * s.ow) {}

  std::int64_t size() const { return (columns + maps + 15) / 16 * 16; }

  std::int64_t columns, maps;
};

// Calls body(part, columns, maps) for each part, with the part's piece of the workspace.
template <class T, class Body>
void for_parts(const Convolution& s, const Plan& plan, T* workspace, const Body& body) {
  const Buffers buffers(s, plan);
  parallel::for_each(plan.parts, [&](std::int64_t part) {
    T* columns = workspace + part * buffers.size();
    body(part, columns, columns + buffers.columns);
  });
}

std::int64_t workspace_of(const Convolution& s, const Plan& plan) {
  return plan.parts * Buffers(s, plan).size();
}

Plan plan_of_filters(const Convolution& s) {
  Plan plan(s);
  const std::int64_t most = most_parts_of_filters(s);
  if (plan.parts > most) {
    plan.images_of_a_part = divide_up(divide_up(s.n, plan.images), most) * plan.images;
    plan.parts = divide_up(s.n, plan.images_of_a_part);
  }
  return plan;
}

}  // namespace

std::int64_t convolve_workspace(const Convolution& s) { return workspace_of(s, Plan(s)); }

template <class T>
void convolve(const Convolution& s, const T* x, const T* W, const T* b, T* y, T* workspace) {
  const Plan plan(s);
  const std::int64_t k = s.k / s.groups, size = s.filter_size();
  for_parts(s, plan, workspace, [&](std::int64_t part, T* columns, T* maps) {
    for_blocks(s, plan, part, [&](const Block& block) {
      const std::int64_t places = block.places(s);
      Channels<const T> from{columns, places};
      if (pixelwise(s) && block.joined())
        from = {x + block.image * s.c * s.h * s.w + block.first * s.w, s.h * s.w};
      else
        im2col(s, block, x, columns);
      const Channels<T> to = block.joined() ? in_maps(s, block, y) : Channels<T>{maps, places};
      for (std::int64_t i = 0; b && i < s.k; ++i) std::fill_n(to.p + i * to.stride, places, b[i]);
      for (std::int64_t g = 0; g < s.groups; ++g)
        gemm(k, places, size, Matrix<T>{W + g * k * size, size, 1},
             Matrix<T>{from.p + g * size * from.stride, from.stride, 1}, b ? T(1) : T(0),
             to.p + g * k * to.stride, to.stride);
      if (!block.joined()) scatter(s, block, maps, y);
    });
  });
}

template <class T>
void convolve_back(const Convolution& s, const T* y, const T* W, const T* b, T* x, T* workspace) {
  const Plan plan(s);
  const std::int64_t k = s.k / s.groups, size = s.filter_size(), pixels = s.h * s.w;
  for_parts(s, plan, workspace, [&](std::int64_t part, T* columns, T* maps) {
    for_blocks(s, plan, part, [&](const Block& block) {
      const std::int64_t places = block.places(s);
      if (block.first == 0)
        for (std::int64_t i = 0; i < block.images * s.c; ++i)
          std::fill_n(x + (block.image * s.c + i) * pixels, pixels, b ? b[i % s.c] : T(0));
      Channels<const T> from{maps, places};
      if (block.joined())
        from = in_maps(s, block, y);
      else
        gather(s, block, y, maps);
      const bool direct = pixelwise(s) && block.joined();
      const Channels<T> to =
          direct ? Channels<T>{x + block.image * s.c * pixels + block.first * s.w, pixels}
                 : Channels<T>{columns, places};
      for (std::int64_t g = 0; g < s.groups; ++g)
        gemm(size, places, k, Matrix<T>{W + g * k * size, 1, size},
             Matrix<T>{from.p + g * k * from.stride, from.stride, 1}, direct ? T(1) : T(0),
             to.p + g * size * to.stride, to.stride);
      if (!direct) col2im(s, block, columns, x);
    });
  });
}

std::int64_t most_parts_of_filters(const Convolution& s) {
  const std::int64_t fit = (1 << 24) / std::max<std::int64_t>(s.k * s.filter_size(), 1);
  // A power of two, which is divisible by most numbers of threads.
  return fit >= 8 ? 8 : fit >= 4 ? 4 : fit >= 2 ? 2 : 1;
}

std::int64_t convolve_filters_workspace(const Convolution& s) {
  const Plan plan = plan_of_filters(s);
  return workspace_of(s, plan) + plan.parts * s.k * s.filter_size();
}

template <class T>
void convolve_filters(const Convolution& s, const T* x, const T* y, T* W, T* workspace) {
  const Plan plan = plan_of_filters(s);
  const std::int64_t k = s.k / s.groups, size = s.filter_size(), all = s.k * size;
  T* sums = workspace + workspace_of(s, plan);
  for_parts(s, plan, workspace, [&](std::int64_t part, T* columns, T* maps) {
    T* sum = sums + part * all;
    std::fill_n(sum, all, T(0));
    for_blocks(s, plan, part, [&](const Block& block) {
      const std::int64_t places = block.places(s);
      Channels<const T> pixels{columns, places}, from{maps, places};
      if (pixelwise(s) && block.joined())
        pixels = {x + block.image * s.c * s.h * s.w + block.first * s.w, s.h * s.w};
      else
        im2col(s, block, x, columns);
      if (block.joined())
        from = in_maps(s, block, y);
      else
        gather(s, block, y, maps);
      for (std::int64_t g = 0; g < s.groups; ++g)
        gemm(k, size, places, Matrix<T>{from.p + g * k * from.stride, from.stride, 1},
             Matrix<T>{pixels.p + g * size * pixels.stride, 1, pixels.stride}, T(1),
             sum + g * k * size, size);
    });
  });
  parallel::for_chunks(all, 1 << 14, [&](std::int64_t begin, std::int64_t end) {
    std::fill(W + begin, W + end, T(0));
    for (std::int64_t part = 0; part < plan.parts; ++part)
      for (std::int64_t i = begin; i < end; ++i) W[i] += sums[part * all + i];
  });
}

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

}  // namespace autograd::kernels
