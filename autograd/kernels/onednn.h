#pragma once

namespace autograd::kernels {

#ifdef CHAINETTE_ONEDNN
inline constexpr bool kOnednn = true;
#else
inline constexpr bool kOnednn = false;
#endif

// Tells oneDNN which instructions it may use: those that AUTOGRAD_ISA leaves to our own kernels.
// Whoever calls oneDNN calls this first, for its first call settles it.
void limit_onednn();

}  // namespace autograd::kernels
