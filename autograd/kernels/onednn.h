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

// Whether oneDNN may be called: no more when the process ends. The code that it generates lies in
// static objects, which are destroyed while destructors of other objects may still compute.
bool onednn_is_alive();
// Makes that known in time. Called after the first use of each part of oneDNN, whose static objects
// are then there.
void watch_onednn();

}  // namespace autograd::kernels
