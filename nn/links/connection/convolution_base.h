#pragma once

#include <cstdint>
#include <string_view>

#include "nn/initializers/initializer.h"
#include "nn/link.h"
#include "nn/size.h"

namespace nn::inline links {

// The lengths of filters for images of `ndim` axes. Throws unless the lengths and out_channels are
// at least 1.
Shape filter_lengths(std::string_view link, int ndim, std::int64_t out_channels,
                     const autograd::PerAxis& ksize);

// The number of channels of the images x. Throws unless the images have `ndim` axes.
std::int64_t channels_of(std::string_view link, int ndim, const Variable& x);

// The common part of convolution and deconvolution layers: the filters W and the bias b. W is
// initialised at construction if in_channels is known, else by the first input.
class ConvolutionBase : public Link {
 public:
  // The first two axes of W: (out_channels, in_channels / groups) of a convolution, (in_channels,
  // out_channels / groups) of a deconvolution. The others are the lengths of the filters.
  enum class Kind { convolution, deconvolution };

  // Error messages begin with `link`.
  template <class Options>
  ConvolutionBase(std::string_view link, Kind kind, int ndim, Size in, std::int64_t out,
                  const autograd::PerAxis& ksize, const Options& o)
      : in_channels(in),
        out_channels(out),
        groups(o.groups),
        link_(link),
        kind_(kind),
        lengths_(filter_lengths(link, ndim, out, ksize)) {
    make_parameters(o.initialW, o.nobias, o.initial_bias);
  }

  void list(Members& members) override { members("W", W)("b", b); }
  Kind kind() const { return kind_; }

  Parameter W, b;
  Size in_channels;  // as given
  std::int64_t out_channels, groups;

 protected:
  const Shape& lengths() const { return lengths_; }
  // Initialises W if x is the first input.
  void initialize_for(const Variable& x);

 private:
  void make_parameters(const Initializer& initialW, bool nobias, const Initializer& initial_bias);
  void initialize(std::int64_t channels);

  std::string_view link_;
  Kind kind_;
  Shape lengths_;
};

}  // namespace nn::inline links
