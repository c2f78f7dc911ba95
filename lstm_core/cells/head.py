"""What stands after the recurrent layers: an optional ReLU layer, a convolution beside them, the output layer."""

from __future__ import annotations

import numpy as np

from lstm_core.records import Weights


@np.errstate(invalid="ignore")      # a diverged run holds nan and inf: they are passed on, to be seen
def softmax(scores: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """Return exp(s / T) / sum exp(s / T) over the last axis: above T = 1 flatter, below it sharper."""
    e = np.exp((scores - scores.max(axis=-1, keepdims=True)) / temperature)
    probabilities: np.ndarray = e / e.sum(axis=-1, keepdims=True)
    return probabilities


def predicted(outputs: np.ndarray) -> np.ndarray:
    """Return what outputs (..., O) predict: a number as it is, of classes (at least two) the probabilities."""
    return outputs if outputs.shape[-1] == 1 else softmax(outputs)


def linear(weights: Weights, name: str, x: np.ndarray) -> np.ndarray:
    """Return W x + b of the dense layer with this name."""
    y: np.ndarray = x @ np.asarray(weights[f"{name}.weight"], np.float64).T + weights[f"{name}.bias"]
    return y


def linear_back(name: str, x: np.ndarray, dy: np.ndarray) -> Weights:
    """Return the weight gradients of a dense layer that read x (T, F) and received dy (T, O)."""
    return {f"{name}.weight": dy.T @ x, f"{name}.bias": dy.sum(axis=0)}


def read_out(weights: Weights, h: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return the output at S time steps, (S, ..., O).

    Args:
        weights: the network's parameters.
        h: (S, ..., H) hidden states of the last recurrent layer.
        x: (T, ..., F) what entered. A convolution reads all of it at once, whatever the step.
    """
    return linear(weights, "head", _features(weights, h, x))


def _features(weights: Weights, h: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return what the output layer reads: the hidden state or the layer after it, and beside it the convolution."""
    features = _after(weights, h)
    if "conv.weight" not in weights:
        return features
    flat = pooled(convolved(weights, x))
    return np.concatenate([features, np.broadcast_to(flat, (len(h), *flat.shape))], axis=-1)


def _after(weights: Weights, h: np.ndarray) -> np.ndarray:
    """Return max(0, A h + a), or h itself when there is no layer between."""
    return np.maximum(linear(weights, "after", h), 0) if "after.weight" in weights else h


def convolved(weights: Weights, x: np.ndarray) -> np.ndarray:
    """Return the cross-correlation of x (T, ..., F) with every filter, zeros around it: (T, ..., C).

    y(t) = W_0 x(t-1) + W_1 x(t) + W_2 x(t+1) + b, which deep learning calls a convolution with kernel 3, "same".
    """
    kernels = np.moveaxis(np.asarray(weights["conv.weight"], np.float64), 2, 0)     # (C, F, 3) -> (3, C, F)
    zero = np.zeros_like(x[:1], dtype=np.float64)
    padded = np.concatenate([zero, x, zero])
    y: np.ndarray = sum((padded[k:k + len(x)] @ kernel.T for k, kernel in enumerate(kernels)),
                        start=np.asarray(weights["conv.bias"], np.float64))
    return y


def pooled(y: np.ndarray) -> np.ndarray:
    """Return the maximum of every two steps of y (T, ..., C), filter after filter: (..., C * (T // 2))."""
    pairs = y[:len(y) // 2 * 2].reshape(len(y) // 2, 2, *y.shape[1:]).max(axis=1)   # (T // 2, ..., C)
    flat: np.ndarray = np.moveaxis(pairs, 0, -1).reshape(*y.shape[1:-1], -1)        # (..., C, T // 2) -> flat
    return flat


def read_out_back(weights: Weights, h: np.ndarray, x: np.ndarray, dy: np.ndarray) -> tuple[np.ndarray, Weights]:
    """Return what each h(t) (T, H) receives from dy (T, O) at the output, and the weight gradients on the way."""
    top = _after(weights, h).shape[1]
    gradients = linear_back("head", _features(weights, h, x), dy)
    received = dy @ np.asarray(weights["head.weight"], np.float64)
    arriving = received[:, :top]
    if "conv.weight" in weights:
        gradients |= _conv_back(weights, x, received[:, top:].sum(axis=0))
    if "after.weight" in weights:
        arriving = arriving * (linear(weights, "after", h) > 0)
        gradients |= linear_back("after", h, arriving)
        arriving = arriving @ np.asarray(weights["after.weight"], np.float64)
    return arriving, gradients


def _conv_back(weights: Weights, x: np.ndarray, dflat: np.ndarray) -> Weights:
    """Return the gradients of the filters, given what the pooled maxima (C * (T // 2),) receive."""
    y = convolved(weights, x)
    steps, filters = y.shape
    winners = y[:steps // 2 * 2].reshape(-1, 2, filters).argmax(axis=1)             # (T // 2, C): 0 or 1
    dy = np.zeros((steps, filters))
    pair, filter_ = np.indices(winners.shape)
    dy[2 * pair + winners, filter_] = dflat.reshape(filters, -1).T                  # only the larger of two receives
    padded = np.pad(x.astype(np.float64), ((1, 1), (0, 0)))
    kernel = np.stack([dy.T @ padded[k:k + steps] for k in range(weights["conv.weight"].shape[2])], axis=2)
    return {"conv.weight": kernel, "conv.bias": dy.sum(axis=0)}
